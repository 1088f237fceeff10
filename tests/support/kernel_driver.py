"""Drives one Deno kernel with Jupyter's own client, for the tests.

Arguments: the deno program, and the folder of the notebook. Reads one JSON command a line, answers with one JSON line each.
"""

import asyncio
import json
import os
import queue
import sys
import tempfile
import threading
import time

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

# Deno sends some results after it has said that it is idle.
QUIET_S = 0.3
LIMIT_S = 90
SHOWN = ("stream", "display_data", "update_display_data", "execute_result", "error", "clear_output")


class Driver:
    def __init__(self, deno, folder):
        self.dir = tempfile.TemporaryDirectory(prefix="em-test-kernel-")
        spec_dir = os.path.join(self.dir.name, "kernels", "deno")
        os.makedirs(spec_dir)
        spec = {
            "argv": [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
            "display_name": "Deno",
            "language": "typescript",
        }
        with open(os.path.join(spec_dir, "kernel.json"), "w") as file:
            json.dump(spec, file)
        specs = KernelSpecManager(kernel_dirs=[os.path.dirname(spec_dir)], ensure_native_kernel=False)
        self.manager = KernelManager(kernel_name="deno", kernel_spec_manager=specs)
        self.folder = folder
        self.events = []
        self.last = time.monotonic()
        self.lock = threading.Lock()
        self.manager.start_kernel(cwd=folder, stdout=sys.stderr, stderr=sys.stderr)
        self.connect()

    def connect(self):
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=LIMIT_S)
        threading.Thread(target=self.listen, args=(self.client,), daemon=True).start()

    def listen(self, client):
        while client is self.client:
            try:
                message = client.get_iopub_msg(timeout=0.5)
            except queue.Empty:
                continue
            except (Exception, asyncio.CancelledError):
                # The channels of a kernel that has ended are closed.
                return
            parent = message["parent_header"].get("msg_id")
            event = {"parent": parent, "type": message["msg_type"], "content": message["content"]}
            with self.lock:
                self.events.append(event)
                self.last = time.monotonic()

    def send(self, code, **_):
        return {"id": self.client.execute(code)}

    def wait(self, id, limit=LIMIT_S, **_):
        end = time.monotonic() + limit
        while True:
            with self.lock:
                mine = [event for event in self.events if event["parent"] == id]
                quiet = time.monotonic() - self.last >= QUIET_S
            idle = any(e["type"] == "status" and e["content"]["execution_state"] == "idle" for e in mine)
            isOver = idle and quiet
            if isOver or time.monotonic() > end or not self.manager.is_alive():
                outputs = [event for event in mine if event["type"] in SHOWN]
                return {"outputs": outputs, "isOver": isOver, "isAlive": self.manager.is_alive()}
            time.sleep(0.02)

    def seen(self, **_):
        with self.lock:
            return {"outputs": [event for event in self.events if event["type"] in SHOWN]}

    def alive(self, **_):
        return {"isAlive": self.manager.is_alive()}

    def interrupt(self, **_):
        self.manager.interrupt_kernel()
        return {}

    def restart(self, **_):
        self.manager.restart_kernel(now=False)
        self.client.stop_channels()
        self.connect()
        return {}

    def stop(self, now=False, **_):
        """Ends the kernel as a notebook does, or kills it without a word."""
        client, self.client = self.client, None
        self.manager.shutdown_kernel(now=now)
        client.stop_channels()
        return {}


def main():
    driver = Driver(sys.argv[1], sys.argv[2])
    print(json.dumps({}), flush=True)
    try:
        for line in sys.stdin:
            command = json.loads(line)
            answer = getattr(driver, command.pop("do"))(**command)
            print(json.dumps(answer), flush=True)
    finally:
        if driver.manager.has_kernel:
            driver.stop(now=True)
        driver.dir.cleanup()


main()

import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";

/**
 * Starts TensorFlow.js: on WebAssembly, or in plain JavaScript where that does not start (about five times slower).
 *
 * @returns The name of the backend in use.
 */
export async function startBackend(): Promise<"wasm" | "cpu"> {
  // Without its advice for browsers and Node.js on the console.
  enableProdMode();
  if (await setBackend("wasm")) return "wasm";
  await setBackend("cpu");
  return "cpu";
}

import {
  copyHparam,
  copyHparams,
  type HparamValue,
  type OwnMap,
  type OwnValue,
} from "./hparam_values.ts";

/** What every run's hyperparameters can do, whatever their names are. */
export interface HparamsMethods {
  /**
   * Sets many hyperparameters with one write of the file.
   *
   * @param values The hyperparameters to set.
   * @param options What to do about those that are set already.
   * @throws {TypeError} If a value is something that YAML cannot carry; then nothing is changed.
   */
  update(
    values: { readonly [key: string]: HparamValue },
    options?: UpdateHparamsOptions,
  ): void;
  /**
   * Copies the hyperparameters.
   *
   * @returns A plain object that is no longer connected with the run.
   */
  toDict(): Record<string, HparamValue>;
}

/** Options of {@linkcode HparamsMethods.update}. */
export interface UpdateHparamsOptions {
  /** Whether values replace those that are set already. Default: true. */
  readonly override?: boolean;
}

/**
 * A run's hyperparameters: an object with the type of what was passed to `createRun`. It is live: assigning, deleting
 * and changing nested objects and arrays is on disk when the statement has finished.
 *
 * `update` and `toDict` are methods; hyperparameters of those names are kept and saved, and seen through `toDict()`.
 */
export type Hparams<T extends object> = T & HparamsMethods;

/**
 * Makes live hyperparameters.
 *
 * @param initial The first values, owned by the result from now on.
 * @param save Called after each change with the whole map.
 * @returns The live object.
 */
export function createHparams<T extends object>(
  initial: OwnMap,
  save: (all: OwnMap) => void,
): Hparams<T> {
  const root = initial;
  const changed = () => save(root);
  const methods: HparamsMethods = {
    update(values, { override = true } = {}) {
      const copied = copyHparams(values, "hparams");
      for (const [key, value] of Object.entries(copied)) {
        if (override || !Object.hasOwn(root, key)) define(root, key, value);
      }
      changed();
    },
    toDict: () => copyHparams(root, "hparams") as Record<string, HparamValue>,
  };
  return live(root, "hparams", changed, methods) as unknown as Hparams<T>;
}

/** One proxy a container, so that `run.hparams.a === run.hparams.a`. */
const proxies = new WeakMap<object, object>();

function live(
  target: OwnMap | OwnValue[],
  path: string,
  changed: () => void,
  methods?: HparamsMethods,
): object {
  const known = proxies.get(target);
  if (known !== undefined) return known;
  const name = (key: string) =>
    Array.isArray(target) ? `${path}[${key}]` : `${path}.${key}`;
  const proxy = new Proxy(target, {
    get(_, key) {
      if (methods !== undefined && (key === "update" || key === "toDict")) {
        return methods[key];
      }
      const value: unknown = Reflect.get(target, key);
      const own = typeof key === "string" && Object.hasOwn(target, key);
      return own && typeof value === "object" && value !== null
        ? live(value as OwnMap | OwnValue[], name(key), changed)
        : value;
    },
    set(_, key, value: unknown) {
      const checked = checkKey(key, path);
      define(target, checked, copyHparam(value, name(checked)));
      changed();
      return true;
    },
    deleteProperty(_, key) {
      const existed = Reflect.has(target, key);
      const deleted = Reflect.deleteProperty(target, key);
      if (existed && deleted) changed();
      return deleted;
    },
    defineProperty(_, key, descriptor) {
      const checked = checkKey(key, path);
      if (!("value" in descriptor)) {
        throw new TypeError(
          `Cannot set ${
            name(checked)
          }: a hyperparameter is a value, not a getter or setter`,
        );
      }
      define(target, checked, copyHparam(descriptor.value, name(checked)));
      changed();
      return true;
    },
    setPrototypeOf: () => false,
    preventExtensions: () => false,
  });
  proxies.set(target, proxy);
  return proxy;
}

function checkKey(key: string | symbol, path: string): string {
  if (typeof key === "string") return key;
  throw new TypeError(
    `Cannot set ${String(key)} in ${path}: keys must be strings`,
  );
}

function define(
  target: OwnMap | OwnValue[],
  key: string,
  value: OwnValue,
): void {
  if (Array.isArray(target) && key === "length") {
    target.length = Number(value);
    return;
  }
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

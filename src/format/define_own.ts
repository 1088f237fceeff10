/**
 * Gives an object a property as an assignment does, also one of the name `__proto__`, which no assignment makes.
 *
 * @param object The object.
 * @param name The property's name.
 * @param value Its value.
 */
export function defineOwn(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

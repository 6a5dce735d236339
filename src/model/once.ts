/** The same value each time, made when it is first asked for: hundreds of checks, records and files have schemas, and a command uses few. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

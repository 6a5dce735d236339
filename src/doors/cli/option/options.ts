/** The value of a flag that takes a text; undefined where it is not given. */
export function text(given: unknown): string | undefined {
  return typeof given === 'string' ? given : undefined
}

export function texts(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.map(String) : []
}

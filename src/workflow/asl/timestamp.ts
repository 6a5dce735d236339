const RFC3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/**
 * Whether a text is a timestamp of Amazon States Language: RFC 3339 with an upper-case T, and an upper-case Z or a
 * numeric offset (states-language.net, "Timestamps").
 */
export function isTimestamp(text: string): boolean {
  return RFC3339.test(text)
}

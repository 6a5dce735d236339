// A range is `[1:9]`, `[01:20:2]` or `[a:f]`, and may take the place of a part of an address or a name.
const STEP = '(?::[0-9]+)?'
const NUMERIC = `\\[(?:[0-9]+:[0-9]+)${STEP}\\]`
const HEXADECIMAL = `\\[(?:[0-9a-f]+:[0-9a-f]+)${STEP}\\]`
const ALPHANUMERIC = `\\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)${STEP}\\]`
const SIX = `(?:[0-9a-f]{1,4}|${HEXADECIMAL})`
const FOUR = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${NUMERIC})`
const WORD = '[\\p{L}\\p{N}\\p{M}_]'
const LABEL = `(?:${WORD}|${ALPHANUMERIC})(?:[\\p{L}\\p{N}\\p{M}_-]|${ALPHANUMERIC})*(?<![_-])`

const BRACKETED_PORT = /^\[(.+)\]:([0-9]+)$/
const PORT = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/
const IPV4 = new RegExp(`^(?:${FOUR}\\.){3}${FOUR}$`, 'i')
const IPV6 = new RegExp(
  `^(?:(?:${SIX}:){7}${SIX}|(?:${SIX}:){1,6}:|(?:${SIX}:)(?::${SIX}){1,6}|(?:${SIX}:){2}(?::${SIX}){1,5}|` +
    `(?:${SIX}:){3}(?::${SIX}){1,4}|(?:${SIX}:){4}(?::${SIX}){1,3}|(?:${SIX}:){5}(?::${SIX}){1,2}|(?:${SIX}:){6}(?::${SIX})|` +
    `:(?::${SIX}){1,6}|${SIX}?::|(?:0:){6}(?:${SIX}\\.){3}${SIX}|::(?:ffff:)?(?:${SIX}\\.){3}${SIX}|` +
    `(?:0:){5}ffff:(?:${SIX}\\.){3}${SIX})$`,
  'i',
)
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'iu')

/** The host and the port of a pattern; undefined where it is neither a name nor an address, with ranges or without. */
export function parsedAddress(
  pattern: string,
): { readonly host: string; readonly port: number | undefined } | undefined {
  let [host, port]: [string, number | undefined] = [pattern, undefined]
  for (const matching of [BRACKETED_PORT, PORT]) {
    const [, inner, digits] = matching.exec(host) ?? []
    if (inner !== undefined) [host, port] = [inner, Number(digits)]
  }
  return isAddress(host) || HOSTNAME.test(host) ? { host, port } : undefined
}

export function isAddress(name: string): boolean {
  return IPV4.test(name) || IPV6.test(name)
}

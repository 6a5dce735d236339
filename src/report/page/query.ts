/** An address with the query members that are given and not empty. */
export function withQuery(path: string, members: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(members).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd'))}`],
  )
  return given.length === 0 ? path : `${path}?${given.join('&')}`
}

export type ServiceQuery = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>

export interface PageRules {
  readonly url: string
  readonly query: ServiceQuery
  readonly pageSize: number
  readonly hasContext: boolean
}

/** The first page of a list, as `limit` and filters ask for it. */
export function listAddress({ url, query, pageSize }: PageRules, own: Readonly<Record<string, string>>): URL {
  const address = new URL(`${url.replace(/\/+$/, '')}/api/dcim/devices/`)
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) address.searchParams.append(name, String(one))
  }
  for (const [name, value] of Object.entries({ ...own, limit: String(pageSize) })) address.searchParams.set(name, value)
  return address
}

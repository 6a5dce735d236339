/** One query of a source: the filters of the service by name. A list is the filter more than once, which means *or*. */
export type ServiceQuery = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>

/** What of a source decides which page is asked for. */
export interface PageRules {
  /** The address of the service, without `/api`. */
  readonly url: string
  readonly query: ServiceQuery
  readonly pageSize: number
  /** Whether config contexts are asked for; the service renders them for each device. */
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

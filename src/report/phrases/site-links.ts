import type { ExecutionState } from '../../change/engine/state.ts'

export interface SiteLinks {
  readonly whole?: { readonly id: string; readonly site: string }
  readonly parts: readonly { readonly site: string; readonly id: string; readonly hasEnded: boolean }[]
}

/** The links of an execution that is a change over several sites, or a part of one; undefined for any other. */
export function siteLinks({ sites: { part, isDivided, sites, ended } }: ExecutionState): SiteLinks | undefined {
  if (part !== undefined) return { whole: { id: part.of, site: part.site }, parts: [] }
  if (!isDivided) return undefined
  return { parts: sites.map(({ site, execution: id }) => ({ site, id, hasEnded: ended.includes(id) })) }
}

/** They in one line: `the site north of 2026…`, or `north: 2026…, south: 2026…`. */
export function siteLinksText({ whole, parts }: SiteLinks): string {
  if (whole !== undefined) return `the site ${whole.site} of ${whole.id}`
  return parts.length === 0 ? 'several sites' : parts.map(({ site, id }) => `${site}: ${id}`).join(', ')
}

/** So it may come twice, late or never: only the record says what there is to do (docs/adr/0077). */
export interface Activation {
  readonly id: string
  readonly execution: string
  readonly site: string
}

/**
 * Why an execution is to be driven: it was begun; somebody has written about it; its owner died, who had a token, and nobody had taken it since, in one term; a worker that drains left it
 * at a record; or nobody was seen to drive it by whoever looked.
 */
export type Cause =
  | { readonly why: 'begun' }
  | { readonly why: 'woken'; readonly wake: number }
  | { readonly why: 'owner-died'; readonly token: number; readonly again: number }
  | { readonly why: 'handed-on'; readonly record: number }
  | { readonly why: 'left'; readonly period: number }

export function activationOf(execution: string, site: string, cause: Cause): Activation {
  return { id: `${execution}@${suffixOf(cause)}`, execution, site }
}

function suffixOf(cause: Cause) {
  switch (cause.why) {
    case 'begun':
      return '0'
    case 'woken':
      return `w${cause.wake}`
    case 'owner-died':
      return `t${cause.token}.${cause.again}`
    case 'handed-on':
      return `h${cause.record}`
    case 'left':
      return `s${cause.period}`
  }
}

const EXECUTION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** An activation as it comes out of a queue; undefined for what is none. */
export function readActivation(value: unknown): Activation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, execution, site } = value as Readonly<Record<string, unknown>>
  if (typeof id !== 'string' || typeof execution !== 'string' || typeof site !== 'string') return undefined
  return EXECUTION.test(execution) && id.startsWith(`${execution}@`) ? { id, execution, site } : undefined
}

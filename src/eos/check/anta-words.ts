import type { Verdict } from '../../model/error.ts'

/** `error`: it could not be judged, which is never a success. */
export type CheckStatus = 'success' | 'failure' | 'error' | 'skipped'

/** A verdict in ANTA's words. `messages` are one line each, and none where there is nothing to say. */
export function antaWords(verdict: Verdict): { readonly status: CheckStatus; readonly messages: readonly string[] } {
  switch (verdict.status) {
    case 'pass':
      return { status: 'success', messages: verdict.facts }
    case 'fail':
      return { status: 'failure', messages: verdict.reasons }
    case 'skip':
      return { status: 'skipped', messages: [verdict.reason] }
    case 'error':
      return { status: 'error', messages: [verdict.reason] }
  }
}

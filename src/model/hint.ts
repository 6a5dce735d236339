import type { Place } from './problem.ts'

/** An input by what it is. A command line has a flag for each, a form has a field. */
export type GivenInput = 'abort' | 'break-glass' | 'freeze-end' | 'insecure-tls' | 'offline' | 'public-key'

/**
 * What a person does next, as a code with what it is about. A use case gives the code; each front end has its own words for it: a command
 * line names a command, a page has a link.
 */
export type Hint =
  | {
      readonly code:
        | 'resume'
        | 'watch'
        | 'wait-for'
        | 'watch-or-stop'
        | 'resume-or-stop'
        | 'history'
        | 'show-unread'
        | 'show-what-was-not-read'
        | 'stop'
        | 'stop-restored'
        | 'undo-by-hand'
        | 'leave-out-or-undo-by-hand'
        | 'look-at-switches'
      readonly execution: string
    }
  | {
      readonly code: 'trust-folder'
      readonly folder: string
      readonly path: string
      readonly by: 'owner' | 'group' | 'everybody'
    }
  | {
      readonly code: 'show-and-plan-again'
      readonly execution: string
      /** Others that wait for an approval of the same plan, and get none. */
      readonly waiting?: readonly string[]
    }
  | { readonly code: 'make-project'; readonly near?: string | undefined }
  | { readonly code: 'make-fabric'; readonly near?: string | undefined }
  | { readonly code: 'export-audit'; readonly execution?: string | undefined }
  | { readonly code: 'given'; readonly input: GivenInput }
  | { readonly code: 'end-freeze'; readonly freeze: number }
  | { readonly code: 'plan-of-it'; readonly file: string }
  | { readonly code: 'plan' | 'run-again'; readonly workflow: string }
  | { readonly code: 'list-executions'; readonly newest?: readonly string[] }
  | { readonly code: 'list-snapshots' | 'list-checks'; readonly alike: string }
  | {
      readonly code:
        | 'name-backup'
        | 'set-store-aside'
        | 'name-other-store'
        | 'replace-damaged-store'
        | 'put-store-back'
        | 'put-database-back'
        | 'put-rights-right'
    }
  | { readonly code: 'put-log-back'; readonly note: string }
  | { readonly code: 'login'; readonly issuer?: string | undefined }
  | { readonly code: 'retire-policy'; readonly file: string }
  | { readonly code: 'who-can-approve'; readonly names: readonly string[] }
  | { readonly code: 'trust-login'; readonly login: string }
  | {
      readonly code: 'test-login'
      /** Absent for a jump host. */
      readonly device?: string | undefined
      /** The credential, and where it is written. */
      readonly credential: string
      readonly at: Place
      /** A variable that is not set. */
      readonly unset?: string | undefined
    }
  | {
      readonly code: 'explain-policy'
      readonly action: string
      /** Which rules allow it, and to whom: a sentence. */
      readonly allowed?: string | undefined
      /** Absent where there are none, or too many to name. */
      readonly devices?: readonly string[] | undefined
      readonly workflow?: string | undefined
    }
  | {
      readonly code:
        | 'accept-fewer'
        | 'audit-key'
        | 'choose-agent-key'
        | 'choose-checks'
        | 'choose-checks-and-switches'
        | 'choose-freeze'
        | 'compare-clocks'
        | 'inventory-age'
        | 'leave-out-or-list'
        | 'list-schedules'
        | 'list-switches'
        | 'list-workers'
        | 'look-and-scan'
        | 'scan-then-accept'
        | 'see-gate-input'
        | 'accept-keys'
        | 'end-processes'
        | 'local-user'
        | 'make-store'
        | 'name-allowed-signers'
        | 'no-record'
        | 'name-catalog'
        | 'name-plan-of-decision'
        | 'name-simulator'
        | 'name-offline-source'
        | 'name-offline-source-of-switch'
        | 'other-key'
        | 'other-token'
        | 'plan-online'
        | 'refresh-inventory'
        | 'remove-of-other-stores'
        | 'collect-sessions'
        | 'roll-back-one-by-one'
        | 'rotate-lost-checkpoint-key'
        | 'run-schedules'
        | 'scan'
        | 'start-simulator'
        | 'start-or-name-simulator'
        | 'store-id'
        | 'take-snapshot'
        | 'trust-key'
        | 'validate'
        | 'validate-all'
        | 'without-break-glass'
        | 'without-undo'
        | 'write-inventory'
        | 'write-policy'
    }

import type { Place } from './problem.ts'

export type GivenInput = 'abort' | 'break-glass' | 'freeze-end' | 'insecure-tls' | 'offline' | 'public-key'

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
      readonly device?: string | undefined
      readonly credential: string
      readonly at: Place
      readonly unset?: string | undefined
    }
  | {
      readonly code: 'explain-policy'
      readonly action: string
      readonly allowed?: string | undefined
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

import { definedMembers } from './json.ts'

/**
 * Every failure of an act that eosflow can report, as one closed union.
 *
 * - `unreachable`: nothing was sent, or nothing can have arrived (refused connection, no route).
 * - `lost-answer`: something was sent and no answer was heard. What the switch did is unknown until it is asked.
 * - `unauthenticated`: the switch refused the credentials (HTTP 401).
 * - `tls`: the certificate or host key was refused.
 * - `refused`: the switch answered and refused a command (eAPI error 1000 to 1005).
 * - `protocol`: the answer is not what eAPI or the EOS CLI says.
 * - `wrong-device`: the answering switch is not the one that was planned (serial number or system MAC differ).
 * - `stale`: the base, the plan, an approval or the definition has moved on.
 * - `not-approved`: approval missing, rejected, expired, used up or tampered with.
 * - `not-authorised`: the policy does not let this identity do it, now or at all.
 * - `window-closed`: the policy's windows or freezes do not let it be done now, or somebody has set a freeze.
 * - `busy`: a foreign commit timer, session or execution holds the switch.
 * - `guard`: the change would cut the management path, or carries a verb that a change may not carry, or goes to a switch whose EOS is too old.
 * - `verification`: checks did not pass in time.
 * - `rollback-incomplete`: a switch could not be read back equal to before.
 * - `cancelled`: a person stopped the execution.
 * - `state-failed`: a state failed by its own word: a Fail state, an expression, a time-out, or a service's named error.
 * - `clock`: this machine's clock is behind the record, or off the clocks of most switches: nothing was written.
 * - `store`: the journal cannot be written or does not verify.
 * - `secret`: a reference cannot be resolved.
 * - `inventory-source`: a source of the inventory does not answer, or not as its kind does.
 * - `inventory-count`: a source gives another number of records than it says it has.
 * - `inventory-fewer`: a source gives at most half of what it gave last.
 * - `inventory-exec`: a program that is a source of the inventory fails, or prints what is no inventory.
 * - `bug`: a state that must not occur.
 */
export const ERROR_KINDS = [
  'unreachable',
  'lost-answer',
  'unauthenticated',
  'tls',
  'refused',
  'protocol',
  'wrong-device',
  'stale',
  'not-approved',
  'not-authorised',
  'window-closed',
  'busy',
  'guard',
  'verification',
  'rollback-incomplete',
  'cancelled',
  'state-failed',
  'clock',
  'store',
  'secret',
  'inventory-source',
  'inventory-count',
  'inventory-fewer',
  'inventory-exec',
  'bug',
] as const

export type ErrorKind = (typeof ERROR_KINDS)[number]

export interface ErrorOptions {
  readonly retryable?: boolean
  readonly device?: string
  readonly command?: string
  readonly hint?: string
  readonly next?: Hint
  /** The error name and cause that Retry and Catch of a machine see; without it the name is `eosflow.<kind>`. */
  readonly fault?: { readonly name?: string | null; readonly cause?: string | null }
  readonly decision?: ErrorDecision
  readonly cause?: unknown
}

export interface ErrorDecision {
  readonly rules: readonly string[]
  readonly demands: readonly string[]
}

/** `kind` is what code branches on, `message` is what a person reads; whether a retry is safe is decided where the failure is made (the adapter), never guessed by the engine. */
export class EosflowError extends Error {
  readonly kind: ErrorKind
  readonly retryable: boolean
  readonly device: string | undefined
  readonly command: string | undefined
  readonly hint: string | undefined
  readonly next: Hint | undefined
  readonly fault: ErrorOptions['fault']
  readonly decision: ErrorDecision | undefined

  constructor(kind: ErrorKind, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'EosflowError'
    this.kind = kind
    this.retryable = options.retryable ?? false
    this.device = options.device
    this.command = options.command
    this.hint = options.hint
    this.next = options.next
    this.fault = options.fault
    this.decision = options.decision
  }
}

export interface ErrorRecord {
  readonly kind: ErrorKind
  readonly message: string
  readonly device?: string
  readonly command?: string
  readonly hint?: string
  /** What a machine calls the error; null and absent are told apart, as AWS Step Functions does. */
  readonly name?: string | null
  readonly cause?: string | null
}

/** Turns anything that was thrown into data; what is not an {@link EosflowError} is a `bug`. */
export function errorRecord(thrown: unknown): ErrorRecord {
  if (!(thrown instanceof EosflowError)) {
    return { kind: 'bug', message: messageOf(thrown) }
  }
  return {
    kind: thrown.kind,
    message: thrown.message,
    ...definedMembers({ device: thrown.device, command: thrown.command, hint: thrown.hint }),
    ...thrown.fault,
  }
}

/** An error that is told of one switch, so that the others go on. Throws what is no error of eosflow, and what is wrong with the store or with eosflow itself. */
export function ofOneSwitch(thrown: unknown): EosflowError {
  if (!(thrown instanceof EosflowError) || thrown.kind === 'store' || thrown.kind === 'bug') throw thrown
  return thrown
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** What the file system or a library calls a failure: `EACCES`. */
export function codeOf(thrown: unknown, otherwise: string = String(thrown)): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : otherwise
}

export function unreachable(value: never): never {
  throw new EosflowError('bug', `unhandled case: ${JSON.stringify(value)}`)
}

export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A place in front of what is said of it: `a.yaml:3:5: `; nothing where it is not known. */
export function placeWords(at: Place | undefined): string {
  return at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `
}

/** Collected, never thrown one by one: a person sees all of them at once. */
export interface Problem {
  /** A stable kebab-case word for the kind of fault, for example `unknown-key`. */
  readonly code: string
  readonly message: string
  readonly at: Place
  readonly hint?: string
}

export type ValueOrProblems<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] }

/** A problem of the whole of a file, or of a flag (`--key`), which has no lines. */
export function problemOf(file: string, code: string, message: string, hint?: string): Problem {
  return { code, message, at: { file, line: 1, column: 1 }, ...definedMembers({ hint }) }
}

/** `error` means the check could not be judged, which is never a pass. */
export type Verdict =
  | { readonly status: 'pass'; readonly facts: readonly string[] }
  | { readonly status: 'fail'; readonly reasons: readonly [string, ...string[]] }
  | { readonly status: 'skip'; readonly reason: string }
  | { readonly status: 'error'; readonly reason: string }

/** Passes with the given facts unless there is a reason against it. */
export function passUnless(reasons: readonly string[], facts: readonly string[] = []): Verdict {
  const [first, ...rest] = reasons
  return first === undefined ? { status: 'pass', facts } : { status: 'fail', reasons: [first, ...rest] }
}

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

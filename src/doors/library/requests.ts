import { z } from 'zod'
import { problemOf } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { InputError, inputError } from '../../project/system/process/input-error.ts'
import type { CheckDocument } from '../../report/check-results/result-schema.ts'
import type { DriftDocument } from '../../report/drift/result-schema.ts'
import type { ExecutionsDocument } from '../../report/execution/list-result-schema.ts'
import type { ExecutionDocument } from '../../report/execution/result-schema.ts'
import type { FactsDocument } from '../../report/facts/result-schema.ts'
import type { InventoryDocument } from '../../report/inventory/result-schema.ts'
import type { PlanDocument } from '../../report/plan/result-schema.ts'
import type { DecisionDocument, ExecutionEvent, IdentityDocument, SnapshotResult } from '../../report/result-schemas.ts'

/** A plan as `eosflow plan -o FILE` saves it: `plan` of a {@link PlanDocument}. */
export type SavedPlan = PlanDocument['plan']

/** Which switches are meant, as `-t`; absent: all that it is for. */
export interface TargetRequest {
  readonly target?: string
}

/** A change by its workflow; or by a change file, which says its parameters and switches itself. */
export interface WorkflowRequest extends TargetRequest {
  /** The file of the workflow, or the change file. */
  readonly workflow: string
  /** The values of its parameters. */
  readonly params?: Readonly<Record<string, Json>>
  /** Whether switches that do not answer are left out of the plan. */
  readonly skipUnreachable?: boolean
}

/** What is planned. */
export interface PlanRequest extends WorkflowRequest {
  /** The fabric folder, or the name of the snapshot, that is asked in the place of the switches. */
  readonly offline?: string
}

/** Which checks are judged; absent: all of the catalog of the project. */
export interface CheckRequest extends TargetRequest {
  /** The file of the catalog. */
  readonly catalog?: string
  /** Only checks with one of these tags. */
  readonly tags?: readonly string[]
  /** Only checks of these names. */
  readonly only?: readonly string[]
  /** The name of the snapshot that checks compare with. */
  readonly since?: string
  /** For how many seconds it is tried again until all are good. */
  readonly within?: number
}

/** A snapshot; without a name it gets one of its time. */
export interface SnapshotRequest extends TargetRequest {
  readonly name?: string
}

/** An SSH key that signs: of a file, or the one that the agent holds. */
export type DecisionKey = { readonly file: string } | 'agent'

/** A decision about one plan. Nothing decides by itself: its digest is given, by whoever has looked at it. */
export interface DecisionRequest {
  readonly decision: 'approve' | 'reject'
  /** The plan, the file of it, or the execution that has made it or waits for it. */
  readonly plan: SavedPlan | { readonly file: string } | { readonly execution: string }
  /** The whole digest of the plan that was looked at; the decision is about no other. */
  readonly digest: string
  readonly comment?: string
  /** How often the plan may be run with it, 1 to 100. */
  readonly maxRuns?: number
  /** Signs it. Absent: it is the word of the caller, as `eosflow approve` without `--key`. */
  readonly key?: DecisionKey
}

/** A decision that somebody has signed elsewhere, as `eosflow approve -o FILE` and `eosflow reject -o FILE` write it. */
export interface ImportRequest {
  /** What the file must hold: a rejection is never taken for an approval, nor the other way round. */
  readonly decision: 'approve' | 'reject'
  readonly file: string
  /** The plan; absent: the one of the digest in the file that an execution here has made. */
  readonly plan?: DecisionRequest['plan']
}

/** How a change is started. */
export interface StartTerms {
  /** The caller's own approval of the plan with this whole digest, as `--approve`; without the right to it, it is refused. */
  readonly approve?: string
  /** The key that it is asked for under: asked for once more, it is the same execution. */
  readonly key?: string
  /** Whether it is refused where a budget of switches under change is full, and does not wait. */
  readonly noWait?: boolean
  /** Why windows and approvals are gone past, for whom the policy lets do that. */
  readonly breakGlass?: string
}

/** A change that is started: by a saved plan, with the files of signed approvals that came with it; or by its workflow, which is planned first. */
export type StartRequest = StartTerms &
  ({ readonly plan: SavedPlan | { readonly file: string }; readonly approvals?: readonly string[] } | WorkflowRequest)

/** An approved plan that is made again, with the files of signed approvals that came with it. */
export interface RebaseRequest extends Pick<StartTerms, 'noWait'> {
  readonly plan: SavedPlan | { readonly file: string }
  readonly approvals?: readonly string[]
}

/** How a change is put back. */
export interface RollbackTerms extends TargetRequest, Pick<StartTerms, 'approve' | 'noWait'> {
  /** Whether it is planned anew, also where an undo was approved with the change. */
  readonly anew?: boolean
}

/** Why an execution is to end or rest. */
export interface EndingTerms {
  readonly reason?: string
}

/** How an execution goes on. `restored`: it was open in the backup from which the store was restored, and the caller knows that. */
export interface ResumeTerms {
  readonly restored?: boolean
}

/** Which executions are listed; absent: the newest 20. */
export interface ListRequest extends TargetRequest {
  /** Outcomes and the words of `eosflow executions --state`. */
  readonly states?: readonly string[]
  /** Only those that have sent a change to a switch. */
  readonly touched?: boolean
  readonly most?: number
}

/** Which records are exported, and how they are written. */
export interface ExportRequest {
  readonly format: 'jsonl' | 'rfc5424' | 'cef' | 'otlp'
  /** Only records behind this number. */
  readonly since?: number
}

/// <reference lib="esnext.disposable" preserve="true" />

/** An execution that is on record. */
export interface StartedExecution {
  readonly execution: string
  /** False where one was begun before under the same key, or has ended: this process does not run it. */
  readonly isRunning: boolean
}

/** That a change has nothing left to put back, and nothing was begun. */
export interface NothingToPutBack {
  readonly execution?: never
  readonly isRunning: false
  /** The execution of the change. */
  readonly of: string
  /** The switches that it has changed and that have nothing of it any more, because somebody has put it back. */
  readonly without: readonly string[]
}

/**
 * A project that is open: the use cases of the command line, asked by one caller. Each reads the settings, the policy and the inventory
 * anew and is judged and recorded as the command of its name. All reject with one of two errors, in which no secret is: {@link InputError} for what is wrong
 * with what was given, before anything was contacted, and {@link EosflowError} for what could not be done. An `execution` is an id, the beginning of one, or `@latest`.
 */
export interface EosflowProject extends AsyncDisposable {
  /** The folder, absolute. */
  readonly folder: string
  /** Who calls, and until when that holds. */
  whoami(): Promise<IdentityDocument>
  /** The switches, without contacting any. */
  inventory(request?: TargetRequest): Promise<InventoryDocument>
  /** What the switches are. */
  facts(request?: TargetRequest): Promise<FactsDocument>
  /** How the switches differ from what was confirmed on them last. */
  drift(request?: TargetRequest): Promise<DriftDocument>
  /** Judges checks of a catalog. What could not be judged has the status `error`. */
  check(request?: CheckRequest): Promise<CheckDocument>
  /** Keeps configurations and state in the store. */
  snapshot(request?: SnapshotRequest): Promise<SnapshotResult>
  /** Plans a change: the exact diff of every switch, and the digest that an approval binds to. */
  plan(request: PlanRequest): Promise<PlanDocument>
  /** Puts the caller's decision about a plan on record, bound to its digest. */
  decide(request: DecisionRequest): Promise<DecisionDocument>
  /**
   * Puts a decision on record that somebody has signed elsewhere, once its digest, signature, time and signer are good. The caller is who brings
   * it. What is not good is refused, and that is on record, too.
   */
  importDecision(request: ImportRequest): Promise<DecisionDocument>
  /** Starts a change. Resolves when it is on record; this process runs it from then on, until it ends or waits for somebody. */
  start(request: StartRequest): Promise<StartedExecution>
  /**
   * Plans a saved plan again on what its switches run now, carries its approvals where the policy lets them, and starts that. Rejects with `stale` where
   * something hinders it.
   */
  rebase(request: RebaseRequest): Promise<StartedExecution>
  /** Goes on with an execution that waits or was left. Resolves when it is taken up. */
  resume(execution: string, terms?: ResumeTerms): Promise<StartedExecution>
  /** Starts a failed execution again from where it failed. Resolves when that is on record. */
  redrive(execution: string): Promise<StartedExecution>
  /**
   * Begins the change that puts a finished one back: the undo that was approved with it where that applies, else its inverse, planned now, which
   * waits for its approval like any other.
   */
  rollback(execution: string, terms?: RollbackTerms): Promise<StartedExecution | NothingToPutBack>
  /**
   * Every record of an execution from its first on, as it is written. It ends when the execution has ended, waits for somebody, or is run by
   * no process; then it throws what its run here has failed with. To leave it early frees what it holds, and leaves the execution as it is.
   */
  follow(execution: string): AsyncIterable<ExecutionEvent>
  /** Resolves when an execution has ended, waits for somebody, or is run by no process. Rejects with what its run here has failed with. */
  settled(execution: string): Promise<ExecutionDocument>
  /** Ends an execution: every switch that it has touched is put back and read back. Resolves when that is done. */
  stop(execution: string, terms?: EndingTerms): Promise<ExecutionDocument>
  /** Has an execution rest at its next safe point, with nothing undone. Resolves when it rests. */
  suspend(execution: string, terms?: EndingTerms): Promise<ExecutionDocument>
  /** An execution as it is now. */
  show(execution: string): Promise<ExecutionDocument>
  /** Every record of an execution. */
  history(execution: string): Promise<readonly ExecutionEvent[]>
  /** Executions, newest first. */
  executions(request?: ListRequest): Promise<ExecutionsDocument>
  /** The signed record of a change, as the page that `eosflow show --html` writes. That it has left is on record. */
  record(execution: string): Promise<string>
  /** Records of the store as text. That they have left is on record. */
  exportRecords(request: ExportRequest): Promise<string>
  /**
   * Lets every execution that this process runs rest at its next safe point, as `eosflow suspend` does, and frees what is held; `resume` goes on with them.
   * A switch under a commit timer is confirmed or put back first. Rejects with what a run has failed with that nobody has heard of.
   */
  close(): Promise<void>
}

const text = z.string()
const word = text.min(1)
const words = z.array(word)
// The standard input of the process is its caller's, and never a file of a request.
const path = word.refine((one) => one !== '-', 'the standard input is not read')
const json = z.json() as unknown as z.ZodType<Json>
const target = { target: word.exactOptional() }
const execution = { execution: word }
const file = z.strictObject({ file: path })
const savedPlan = z.looseObject({ digest: text }) as unknown as z.ZodType<SavedPlan>

const anyPlan = z.union([file, z.strictObject(execution), savedPlan])
const planToSend = { plan: z.union([file, savedPlan]), approvals: z.array(path).exactOptional() }

const caller = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('local') }),
  z.strictObject({ kind: z.literal('token'), token: word }),
  z.strictObject({ kind: z.literal('login'), issuer: word.exactOptional() }),
])

const change = {
  ...target,
  workflow: path,
  params: z.record(text, json).exactOptional(),
  skipUnreachable: z.boolean().exactOptional(),
}

const terms = {
  approve: text.exactOptional(),
  key: text
    .regex(/^[\w.:/@+-]{1,128}$/, 'a key is made of 1 to 128 letters, digits and _ . : / @ + -')
    .refine((key) => !key.startsWith('change:'), 'a key that begins with `change:` is that of a change file')
    .exactOptional(),
  noWait: z.boolean().exactOptional(),
  breakGlass: word.exactOptional(),
}

const options = z.strictObject({
  folder: z.union([word, z.instanceof(URL)]),
  caller,
  env: z.custom<ProjectOptions['env']>(
    isEnvironment,
    'expected an object of texts, such as the environment of the process',
  ),
  store: word.exactOptional(),
  insecureTls: z.boolean().exactOptional(),
  tell: z.custom<(text: string) => void>((value) => typeof value === 'function', 'expected a function').exactOptional(),
})

const startOfWorkflow = z.strictObject({ ...terms, ...change }) as z.ZodType<StartRequest>

function isEnvironment(value: unknown) {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every((one) => one === undefined || typeof one === 'string')
}

// What may be left out as a whole.
const optional = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).prefault({} as never)

const ending = optional({ reason: text.exactOptional() })

// What is taken by each use case: no member that is not here, so that one that is misspelt is never passed over.
const REQUESTS = {
  openProject: options,
  inventory: optional(target),
  facts: optional(target),
  drift: optional(target),
  check: optional({
    ...target,
    catalog: path.exactOptional(),
    tags: words.exactOptional(),
    only: words.exactOptional(),
    since: word.exactOptional(),
    within: z.number().min(0).exactOptional(),
  }),
  snapshot: optional({ ...target, name: word.exactOptional() }),
  plan: z.strictObject({ ...change, offline: word.exactOptional() }),
  decide: z.strictObject({
    decision: z.enum(['approve', 'reject']),
    plan: anyPlan,
    digest: text,
    comment: text.exactOptional(),
    maxRuns: z.int().min(1).max(100).exactOptional(),
    key: z.union([file, z.literal('agent')]).exactOptional(),
  }),
  importDecision: z.strictObject({
    decision: z.enum(['approve', 'reject']),
    file: path,
    plan: anyPlan.exactOptional(),
  }),
  start: z.strictObject({
    ...terms,
    ...planToSend,
  }) as z.ZodType<StartRequest>,
  rebase: z.strictObject({ ...planToSend, noWait: terms.noWait }),
  execution: word,
  resume: optional({ restored: z.boolean().exactOptional() }),
  rollback: optional({
    ...target,
    approve: terms.approve,
    noWait: terms.noWait,
    anew: z.boolean().exactOptional(),
  }),
  stop: ending,
  suspend: ending,
  executions: optional({
    ...target,
    states: words.exactOptional(),
    touched: z.boolean().exactOptional(),
    most: z.int().min(1).exactOptional(),
  }),
  exportRecords: z.strictObject({
    format: z.enum(['jsonl', 'rfc5424', 'cef', 'otlp']),
    since: z.int().min(0).exactOptional(),
  }),
} as const

/** What each use case takes, once it is judged. */
export type Requests = { readonly [Name in keyof typeof REQUESTS]: z.output<(typeof REQUESTS)[Name]> }

/**
 * What a use case was given, judged and copied: what the caller does to it later changes nothing. Throws InputError with all that is wrong;
 * a value is never in it, for it may be a secret.
 */
export function givenRequest<Name extends keyof Requests>(name: Name, value: unknown): Requests[Name] {
  const isOfWorkflow = name === 'start' && typeof value === 'object' && value !== null && !('plan' in value)
  const read = copied((isOfWorkflow ? startOfWorkflow : REQUESTS[name]) as z.ZodType<Requests[Name]>, value, name)
  if (read.success) return read.data
  const problems = read.error.issues.map(({ path, message }) =>
    problemOf(path.length === 0 ? name : `${name}(${path.map(String).join('.')})`, 'bad-usage', message),
  )
  throw new InputError(problems)
}

function copied<T>(schema: z.ZodType<T>, value: unknown, name: string): z.ZodSafeParseResult<T> {
  try {
    const read = schema.safeParse(value)
    return read.success ? { success: true, data: structuredCloneOf(read.data) as T } : read
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw inputError(name, 'bad-usage', 'it has too many members within members, or holds itself')
  }
}

function structuredCloneOf(data: unknown): unknown {
  if (typeof data === 'function' || data instanceof URL || data === null || typeof data !== 'object') return data
  if (Array.isArray(data)) return data.map(structuredCloneOf)
  return Object.fromEntries(Object.entries(data).map(([key, one]) => [key, structuredCloneOf(one)]))
}

/**
 * Who calls. Nobody is taken for granted: one of these is named, and whoever it names is judged by the policy and named on every record.
 *
 * - `local`: the user of this process, as the operating system says it, where the settings of the project list no identity provider.
 * - `token`: whom a token names that a provider of the settings has issued, as `EOSFLOW_TOKEN` of the command line.
 * - `login`: whoever has logged in with `eosflow login`, at the issuer of that name or else last; or the service that the settings name.
 */
export type ProjectCaller =
  | { readonly kind: 'local' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'login'; readonly issuer?: string }

/** How a project is opened. */
export interface ProjectOptions {
  /** The folder with `eosflow.yaml`, as a path or as a URL of a file. Every path that is given later is taken from it. */
  readonly folder: string | URL
  readonly caller: ProjectCaller
  /** What says where secrets, keys, logins and programs are, by name: usually `process.env`. It is read once. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Another store than the settings say, as `--store`. */
  readonly store?: string
  /** Whether switches with `tls: { insecure: true }` are connected to, as `--insecure-tls`; it is on record. */
  readonly insecureTls?: boolean
  /** Hears warnings and notes, without secrets. Absent: nobody does. What it throws is dropped. */
  readonly tell?: (text: string) => void
}

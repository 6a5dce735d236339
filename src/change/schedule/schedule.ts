import { Cron } from 'croner'
import { z } from 'zod'
import type { AfterSubject } from '../../model/after.ts'
import { sha256 } from '../../model/digest.ts'
import { messageOf } from '../../model/error.ts'
import { keptIn, once } from '../../model/once.ts'
import { duration, shown } from '../../text/source/duration.ts'

/** When a schedule is due: at times on the wall of a zone, or after a time has elapsed, in seconds. */
export interface ScheduleTime {
  readonly tz: string
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron?: string | undefined
  readonly every?: number | undefined
  /** The last instant that it may be due at, in milliseconds since the epoch. */
  readonly until?: number | undefined
}

/** Instants in order, milliseconds since the epoch, and whether more of them follow within the same stretch of time. */
export interface Instants {
  readonly instants: readonly number[]
  readonly more: boolean
}

/** The first instant after another one, milliseconds since the epoch; undefined where there is none. `every` counts from `after`. */
export function nextInstant(when: ScheduleTime, after: number): number | undefined {
  const { cron, every, tz, until = Number.POSITIVE_INFINITY } = when
  if (every !== undefined) return after + every * 1000 > until ? undefined : after + every * 1000
  if (cron === undefined) return undefined
  return cronOf(cron, tz).nextRun(new Date(after))?.getTime()
}

/** The instants after one and up to another, at most so many. */
export function instantsBetween(when: ScheduleTime, after: number, until: number, most: number): Instants {
  const instants: number[] = []
  for (let next = nextInstant(when, after); next !== undefined && next <= until; next = nextInstant(when, next)) {
    if (instants.length === most) return { instants, more: true }
    instants.push(next)
  }
  return { instants, more: false }
}

export function isSameWhen(one: ScheduleTime, other: ScheduleTime): boolean {
  return one.tz === other.tz && one.cron === other.cron && one.every === other.every && one.until === other.until
}

/** What is wrong with a pattern, in one sentence; undefined where it is good. */
export function cronFault(cron: string): string | undefined {
  try {
    if (cronOf(cron, 'UTC').nextRun(SOME_DAY) === null) return `\`${cron}\` is due on no day`
    return undefined
  } catch (error) {
    const why = messageOf(error)
    return `\`${cron}\` is no pattern: ${why.replace(/^CronPattern: /, '')}`
  }
}

// Any day does: a pattern that is due on some day is due after this one.
const SOME_DAY = new Date('2026-01-01T00:00:00Z')

const patterns = new Map<string, Cron>()

function cronOf(cron: string, timezone: string): Cron {
  const make = () => new Cron(cron, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true })
  return keptIn(patterns, `${timezone} ${cron}`, make)
}

export const SCHEDULED = ['drift', 'check', 'snapshot', 'backup', 'comply', 'rehearse', 'plan', 'run'] as const

const DAY = 86_400

// What the after-watches of confirmed changes are called as a service; what each is called begins with it.
const AFTER = 'after'

const name = () =>
  shown(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40')
      .refine((text) => text !== AFTER, {
        error: 'the checks that are kept after a change are called so',
        params: { code: 'reserved-name', hint: 'give the schedule another name' },
      }),
    'What pages and records call it. The policy knows it as the service `schedule:NAME`.',
    'nightly-drift',
  )

const cron = () =>
  z
    .string()
    .regex(/^[^\s@?]+(?: +[^\s@?]+){4}$/, 'five fields: minute, hour, day of the month, month, day of the week')
    .superRefine((text, { addIssue }) => {
      const fault = cronFault(text)
      if (fault === undefined) return
      const params = { code: 'bad-cron', hint: "for example `'0 23 * * *'`, every day at 23:00" }
      addIssue({ code: 'custom', message: fault, params })
    })
    .meta({ examples: ['0 23 * * *'] })

const tz = () =>
  shown(
    z.string().refine(isZone, {
      error: 'no time zone of the IANA database',
      params: { code: 'bad-zone', hint: 'for example `Europe/Berlin`, or `UTC`' },
    }),
    'The zone of the clock on the wall that `cron` means.',
    'Europe/Berlin',
  )

const selector = () =>
  z
    .string()
    .min(1)
    .max(10_000)
    .meta({ examples: ['role:leaf and not leaf4'] })

const path = () =>
  z
    .string()
    .min(1)
    .refine((text) => !text.startsWith('/') && !text.split('/').includes('..'), {
      error: 'it leads out of the project',
      params: { code: 'outside-project', hint: 'write it relative to the project' },
    })

const schedule = () =>
  z
    .strictObject({
      name: name(),
      cron: cron().optional().describe('When it is due: minute, hour, day of the month, month, day of the week.'),
      every: duration(60, 366 * DAY, '6h')
        .optional()
        .describe('The time from one occurrence to the next.'),
      tz: tz(),
      do: z.enum(SCHEDULED).describe('What is done. A change waits for the approvals that the policy demands.'),
      on: selector()
        .optional()
        .describe('The switches of drift, check, snapshot, backup and comply; `all`, or a selector. Default: all.'),
      baseline: z
        .boolean()
        .optional()
        .describe('Of snapshot: whether it becomes what switches are compared with that no change was confirmed on.'),
      folder: shown(
        path().optional(),
        'The folder of the files: those that backup writes, or those that comply reads.',
        'backups',
      ),
      recipients: shown(
        z
          .array(z.string().regex(/^age1[0-9a-z]{10,}$/, 'a public key of age'))
          .min(1)
          .optional(),
        'Of backup: whom the files are encrypted to, with age. Without it they hold no secret.',
        ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'],
      ),
      commit: z.boolean().optional().describe('Of backup: whether what has changed is committed in Git.'),
      push: z.boolean().optional().describe('Of backup: whether it is committed and pushed.'),
      workflow: path().optional().describe('The workflow of rehearse, plan, run and comply, relative to the project.'),
      params: z.record(z.string(), z.unknown()).default({}).describe('Its parameters.'),
      targets: selector().optional().describe('Narrows the switches of the workflow, as `-t` does.'),
      missed: z
        .enum(['skip', 'latest'])
        .default('skip')
        .describe('What becomes of instants at which nobody ran schedules: none is made up for, or the latest one.'),
      catchUp: duration(60, 7 * DAY, '1h')
        .default(3600)
        .describe('For how long after its instant an occurrence may begin late, with `latest` or `wait`.'),
      overlap: z
        .enum(['skip', 'one'])
        .default('skip')
        .describe('While the occurrence before still runs: the next one is left out, or one waits.'),
      outside: z
        .enum(['skip', 'wait'])
        .default('skip')
        .describe('Outside of a window or in a freeze: it is left out, or it waits for at most `catchUp`.'),
      spread: duration(0, DAY, '5m')
        .default(0)
        .describe('It begins up to so long after its instant, each schedule by its name always as much.'),
    })
    .superRefine((given, { addIssue }) => {
      for (const { path, message, code, hint } of faultsOf(given))
        addIssue({ code: 'custom', path: path === undefined ? [] : [path], message, params: { code, hint } })
    })
    .transform(({ do: does, on, ...rest }) => ({ ...rest, does, ...(on === undefined || on === 'all' ? {} : { on }) }))

/** `schedules:` of `eosflow.yaml`: what is done when nobody asks for it. */
export const scheduleSettings = once(() =>
  z.array(schedule()).superRefine((schedules, { addIssue }) => {
    for (const [index, one] of schedules.entries()) {
      if (schedules.findIndex((other) => other.name === one.name) === index) continue
      const params = { code: 'schedule-twice', hint: 'give each schedule another name' }
      addIssue({ code: 'custom', path: [index, 'name'], message: `${one.name} is there twice`, params })
    }
  }),
)

export type ScheduledAct = (typeof SCHEDULED)[number] | typeof AFTER

/** Times in seconds. */
export interface Schedule extends Omit<z.output<ReturnType<typeof schedule>>, 'does'> {
  readonly does: ScheduledAct
  /** When an after-watch is over, in milliseconds since the epoch. */
  readonly until?: number
  readonly after?: AfterSubject
}

/** The after-watch of a change: it reads every `every` seconds until it is over, and a look that is late is made while the next is not due. */
export function afterWatch(after: AfterSubject, every: number): Schedule {
  return {
    name: afterName(after.execution),
    every,
    tz: 'UTC',
    does: AFTER,
    params: {},
    missed: 'latest',
    catchUp: every,
    overlap: 'skip',
    outside: 'skip',
    spread: 0,
    until: Date.parse(after.until),
    after,
  }
}

/** What the after-watch of an execution is called. */
export function afterName(execution: string): string {
  return `${AFTER}:${execution}`
}

/** The service that a schedule is, behind `schedule:`: all after-watches are one, so that a policy can name it beforehand. */
export function serviceName(name: string): string {
  return name.startsWith(`${AFTER}:`) ? AFTER : name
}

/** By how much the occurrences of a schedule begin after their instants, in milliseconds: by its name, so that many do not begin at once. */
export function delayOf({ name, spread }: Pick<Schedule, 'name' | 'spread'>): number {
  return spread === 0
    ? 0
    : (Number.parseInt(
        sha256(name)
          .replace(/^sha256:/, '')
          .slice(0, 8),
        16,
      ) %
        spread) *
        1000
}

/** What one occurrence is known by: the same instant of the same schedule is always the same occurrence. */
export function occurrenceKey(name: string, instant: number): string {
  return `schedule:${name}:${new Date(instant).toISOString()}`
}

interface Fault {
  readonly path?: string
  readonly message: string
  readonly code: string
  readonly hint: string
}

type Given = Readonly<Partial<Record<Subject | 'cron' | 'every', unknown>>> & {
  readonly do: (typeof SCHEDULED)[number]
  readonly params: object
}

const SUBJECTS = {
  on: 'narrow the switches of a workflow with `targets`',
  baseline: 'only a snapshot becomes a baseline',
  folder: 'delete it',
  recipients: 'only a backup is encrypted',
  commit: 'only a backup is committed',
  push: 'only a backup is pushed',
  workflow: 'delete it',
  targets: 'name the switches with `on`',
  params: 'delete it',
} as const

type Subject = keyof typeof SUBJECTS

const OF_CHANGE: readonly Subject[] = ['workflow', 'targets', 'params']

const TAKES: Readonly<Record<Given['do'], readonly Subject[]>> = {
  drift: ['on'],
  check: ['on'],
  snapshot: ['on', 'baseline'],
  backup: ['on', 'folder', 'recipients', 'commit', 'push'],
  comply: ['on', 'folder', 'workflow'],
  rehearse: OF_CHANGE,
  plan: OF_CHANGE,
  run: OF_CHANGE,
}

// The key without which an act is for nothing.
const NEEDS: Readonly<Partial<Record<Given['do'], Subject>>> = {
  backup: 'folder',
  rehearse: 'workflow',
  plan: 'workflow',
  run: 'workflow',
}

function faultsOf(given: Given): readonly Fault[] {
  return [...whenFaults(given), ...subjectFaults(given)]
}

function whenFaults({ cron, every }: Given): readonly Fault[] {
  if ((cron === undefined) !== (every === undefined)) return []
  const fault = { code: 'schedule-when', hint: 'write one of `cron` and `every`' }
  return cron === undefined
    ? [{ ...fault, message: 'it says nothing of when it is due' }]
    : [{ ...fault, path: 'every', message: 'it is due by `cron` and by `every`' }]
}

function subjectFaults(given: Given): readonly Fault[] {
  const { do: does, params } = given
  const has = (key: Subject): boolean => (key === 'params' ? Object.keys(params).length > 0 : given[key] !== undefined)
  const need = NEEDS[does]
  const missing =
    need === undefined || has(need)
      ? []
      : [{ path: need, message: `\`do: ${does}\` needs a ${need}`, code: `no-${need}`, hint: `add \`${need}:\`` }]
  const useless = (Object.keys(SUBJECTS) as Subject[]).filter((key) => has(key) && !TAKES[does].includes(key))
  const twice =
    does === 'comply' && has('folder') && has('workflow')
      ? [
          {
            path: 'folder',
            message: 'what is intended is said twice',
            code: 'intended-twice',
            hint: 'write one of them',
          },
        ]
      : []
  return [
    ...missing,
    ...useless.map((path) => {
      return { path, message: `\`do: ${does}\` takes no \`${path}\``, code: 'not-taken', hint: SUBJECTS[path] }
    }),
    ...twice,
  ]
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text })
    return /^[A-Za-z]/.test(text)
  } catch {
    return false
  }
}

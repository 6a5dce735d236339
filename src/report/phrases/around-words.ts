import { leftBefore } from '../../change/engine/around.ts'
import { deviceEnds } from '../../change/engine/outcome.ts'
import type { AroundEntry, AroundRecord, ExecutionState } from '../../change/engine/state.ts'
import type { ShownPlan } from '../../change/plan/plan.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { type AroundSpec, isSilence, type SecretSpec, secretCalled } from '../../model/around.ts'
import { duration, hanging, type Style } from '../text/text.ts'
import { spokenNames, verb } from './spoken.ts'

const LONGEST_MATCHERS = 300

/** What a plan says is asked before its first push, and done around it, at other services; a sentence each. */
export function plannedAround({ around = [] }: ShownPlan['content']): string[] {
  return around.map(plannedWords)
}

function plannedWords(spec: AroundSpec) {
  switch (spec.around) {
    case 'silence': {
      const all = spec.matchers
        .map(
          ({ name, value, isRegex, isEqual }) => `${name}${OPERATORS[`${isEqual} ${isRegex}`]}${JSON.stringify(value)}`,
        )
        .join(', ')
      const shown = all.length > LONGEST_MATCHERS ? `${all.slice(0, LONGEST_MATCHERS)}…` : all
      return `Silenced in ${spec.service} from before the first push to the end, and for ${duration(spec.seconds)} at most: ${shown}`
    }
    case 'annotation': {
      const tags = spec.tags.length === 0 ? '' : `, with the tags ${spec.tags.join(', ')}`
      return `Marked in the graphs of ${spec.service}${tags}`
    }
    case 'ticket': {
      const must = Object.entries(spec.must).map(([field, values]) => `${field} ${values.join(' or ')}`)
      const close = Object.entries(spec.close ?? {}).map(([field, value]) => `${field} ${value}`)
      const then = close.length === 0 ? '' : `, and is set to ${close.join(', ')} where it has succeeded`
      return `Before the first push ${spec.ticket} in ${spec.service} must have ${must.join(' and ')}; it hears how the change ended${then}`
    }
    case 'secret':
      return `A new secret is pending in ${spec.service} for ${spec.path}#${spec.field}; it is current once every switch of the plan has it, and removed where all were put back`
    case 'journal':
      return `The journal of each switch in ${spec.service} hears how the change ended`
  }
}

const OPERATORS: Readonly<Record<string, string>> = {
  'true false': '=',
  'true true': '=~',
  'false false': '!=',
  'false true': '!~',
}

interface AroundTrouble {
  readonly name: string
  readonly id?: string
  readonly what: 'not begun' | 'not ended'
  readonly reason: string
}

export function aroundTroubles(execution: AroundRecord & Pick<ExecutionState, 'status'>): readonly AroundTrouble[] {
  const { around, status } = execution
  if (status !== 'ended') return []
  const now = around?.names.flatMap((name, entry) => troublesOf(name, around.entries[entry] ?? {})) ?? []
  return [...leftBefore(execution).map((one) => ({ ...one, what: 'not ended' }) as const), ...now]
}

function troublesOf(name: string, { begin, beginSaid, end, said, id }: AroundEntry): readonly AroundTrouble[] {
  const left = id === undefined ? {} : { id }
  // What nobody could find by its mark later had not begun, as far as anybody knows.
  const isNotBegun = begin === 'failed' || (begin === 'unknown' && id === undefined && end === 'done')
  return [
    ...(isNotBegun ? [{ name, what: 'not begun', reason: beginSaid ?? '' } as const] : []),
    ...(end === 'done' ? [] : [{ name, ...left, what: 'not ended', reason: said ?? 'nobody has done it' } as const]),
  ]
}

export function aroundSentences(execution: AroundRecord & Pick<ExecutionState, 'status'>): readonly string[] {
  return aroundTroubles(execution).map(({ name, id, what, reason }) => {
    if (what === 'not begun') return `${name} could not be begun: ${reason}`
    const own = id === undefined ? '' : ` ${id}`
    const secret = secretCalled(name)
    if (secret !== undefined) return `left over: ${name}: ${reason}. ${secretMend(secret, id)}`
    return isSilence(name)
      ? `left over: ${name}${own} could not be ended: ${reason}. Expire it by hand; it ends by itself when its time is over`
      : `${name}${own} has not heard how the change ended: ${reason}`
  })
}

function secretMend({ path, field }: Pick<SecretSpec, 'path' | 'field'>, id = '') {
  const [mount = '', ...rest] = path.split('/data/')
  const [version = ''] = id.split('/')
  const which = version === '' ? '' : ` -version=${version}`
  const pending = `vault kv get -mount=${mount}${which} -field=secret ${rest.join('/data/')}.pending`
  return `The new one is pending (${pending}); once every switch has it: vault kv patch -mount=${mount} ${rest.join('/data/')} ${field}="$(${pending})". Where the switches have different ones, plan the same rotation again`
}

function aroundLines(execution: ExecutionState, style: Style): readonly string[] {
  return aroundSentences(execution).map((one) => style.warning(hanging(`! ${one}`)))
}

const MOST_NAMES = 12

export function streamWords({
  cloudVision: names = [],
}: Pick<ShownPlan['evidence'], 'cloudVision'>): readonly string[] {
  if (names.length === 0) return []
  const [stream, are, their] =
    names.length === 1 ? ['1 switch streams', 'it is', 'its'] : [`${names.length} switches stream`, 'they are', 'their']
  return [
    `${stream} to CloudVision: ${spokenNames(names, MOST_NAMES)}; where it manages ${their} configuration, ${are} out of compliance there after the change until ${are} reconciled`,
  ]
}

export function toReconcile(execution: ExecutionState, events: readonly JournalEvent[]): readonly string[] {
  if (execution.status !== 'ended') return []
  const streaming = new Set(events.flatMap(managedBy))
  const ends = deviceEnds(execution)
  return execution.targets.filter((name) => ends[name] === 'changed' && streaming.has(name))
}

function managedBy(event: JournalEvent) {
  if (event.type === 'PlanMade') return event.cloudVision ?? []
  return event.type === 'CloudVisionAsked' ? (event.known ?? []) : []
}

function reconcileWords(execution: ExecutionState, events: readonly JournalEvent[], style: Style) {
  const names = toReconcile(execution, events)
  if (names.length === 0) return []
  const is = verb(names.length, 'it is', 'they are')
  const them = verb(names.length, 'it runs', 'they run')
  const words = `! CloudVision will show ${spokenNames(names, MOST_NAMES)} out of compliance until ${is} reconciled there, unless it wants what ${them} now`
  return [style.warning(hanging(words))]
}

export function besideLines(
  execution: ExecutionState,
  events: readonly JournalEvent[],
  style: Style,
): readonly string[] {
  return [...aroundLines(execution, style), ...reconcileWords(execution, events, style)]
}

export function ownersLeft({ status, devices }: ExecutionState): Readonly<Record<string, readonly string[]>> {
  if (status !== 'ended') return {}
  const left = [...devices].flatMap(([name, { owners = [] }]) =>
    owners.length === 0 ? [] : [[name, owners.map(({ session }) => session)] as const],
  )
  return Object.fromEntries(left)
}

export function ownerSentences(execution: ExecutionState): readonly string[] {
  return Object.entries(ownersLeft(execution)).map(
    ([name, sessions]) =>
      `${name}: its owner session ${sessions.join(', ')} may still be open, which holds nothing of the change: eosflow sessions gc -t ${name}`,
  )
}

export function ownerWords(execution: ExecutionState, style: Style): readonly string[] {
  return ownerSentences(execution).map((one) => style.warning(hanging(`! ${one}`)))
}

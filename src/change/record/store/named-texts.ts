import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { keptFilesOf } from '../../../model/kept-workflow.ts'
import { once } from '../../../model/once.ts'
import type { ArtefactRef } from '../event/event.ts'
import { objectIn } from '../event/record-text.ts'
import type { ChainFault } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { openedText, type SealedText } from './blob-format.ts'

export type NamedKind = 'plan' | 'bases' | 'bundle' | 'plain'

const MEMBERS: Readonly<Record<string, Readonly<Record<string, NamedKind>>>> = {
  ActFinished: { base: 'plain', target: 'plain', startup: 'plain', replaced: 'plain' },
  ApprovalCarried: { approved: 'plan' },
  ApprovalDecided: { undo: 'plan' },
  BundlePublished: { manifest: 'bundle' },
  EventReceived: { body: 'plain' },
  JudgesMeasured: { before: 'plain' },
  PlanMade: { plan: 'plan', bases: 'bases', candidates: 'bases' },
  PolicyLoaded: { text: 'plain' },
  SnapshotTaken: { snapshot: 'plain' },
}

const REF = /^blob:[0-9a-f]{64}$/
const SIGN = 'blob:'

function textsOf(record: JsonObject): readonly (readonly [ArtefactRef, NamedKind])[] {
  const { type } = record
  const members = Object.entries(MEMBERS[String(type)] ?? {})
  const named = members.flatMap(([member, kind]) => refIn(record[member]).map((ref) => [ref, kind] as const))
  const sources = type === 'ExecutionStarted' ? sourcesIn(record) : []
  return [...named, ...sources.map((ref) => [ref, 'plain'] as const)]
}

function textsOfOutput(output: Json | undefined) {
  if (!isJsonObject(output)) return []
  const { snapshot, body } = output
  return [...refIn(snapshot), ...(isJsonObject(body) ? refIn(body.artefact) : [])]
}

function textsWithin(kind: NamedKind, text: string) {
  if (kind === 'plain') return []
  const said = objectIn(text) ?? {}
  if (kind === 'bases') return Object.values(said).flatMap(refIn)
  if (kind === 'bundle') return arrayOf(said.files).flatMap((file) => (isJsonObject(file) ? refIn(file.ref) : []))
  const { evidence, content } = said
  const parts = isJsonObject(evidence) ? evidence.parts : undefined
  const workflow = isJsonObject(content) ? content.workflow : undefined
  return [
    ...(isJsonObject(parts) ? Object.values(parts).flatMap(refIn) : []),
    ...(isJsonObject(workflow) ? sourcesIn(workflow) : []),
  ]
}

function sourcesIn({ file }: JsonObject) {
  const ref = keptFilesOf(String(file))
  return ref === undefined ? [] : [ref]
}

const refIn = (value: Json | undefined) => (typeof value === 'string' && REF.test(value) ? [value] : [])

const arrayOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

interface Named {
  readonly seq: number
  readonly kind: NamedKind
}

export function namedTexts() {
  const namedBy = new Map<ArtefactRef, Named>()
  const answered = new Set<string>()
  const unnamed = new Set<ArtefactRef>()
  const missing = once(() => new Map([...namedBy].map(([ref, { seq }]) => [ref, seq])))

  function add(chain: string, seq: number, body: string, record = JSON.parse(body) as JsonObject): void {
    if (!body.includes(SIGN) && record.type !== 'TaskSubmitted') return
    const place = `${chain} ${String(record.path)}`
    if (record.type === 'TaskSubmitted') answered.add(place)
    for (const [ref, kind] of textsOf(record)) name(ref, seq, kind)
    if (record.type !== 'TaskSucceeded' || answered.has(place)) return
    for (const ref of textsOfOutput(record.output)) name(ref, seq, 'plain')
  }

  function name(ref: ArtefactRef, seq: number, kind: NamedKind) {
    const known = namedBy.get(ref)
    if (known === undefined || (known.kind === 'plain' && kind !== 'plain'))
      namedBy.set(ref, { seq: known?.seq ?? seq, kind })
  }

  function judge(
    keys: StoreKeys | undefined,
    { ref, bytes }: SealedText,
    unread: (ref: ArtefactRef) => void,
  ): ChainFault | undefined {
    missing().delete(ref)
    const named = namedBy.get(ref)
    if (named === undefined) unnamed.add(ref)
    if (keys === undefined) return undefined
    const found = openedText(keys, ref, bytes)
    if (typeof found === 'object') nameWithin(named, found.content.toString())
    else if (found === 'altered' || keys.lacking.length === 0)
      return { seq: named?.seq ?? 0, reason: `the text ${ref} was altered` }
    else unread(ref)
    return undefined
  }

  function nameWithin(named: Named | undefined, text: string) {
    if (named === undefined) return
    for (const inner of textsWithin(named.kind, text))
      if (!namedBy.has(inner) && !unnamed.has(inner)) missing().set(inner, named.seq)
  }

  return {
    add,
    judge,
    get missing() {
      return missing()
    },
  }
}

export function missingText(missing: ReadonlyMap<ArtefactRef, number>): ChainFault | undefined {
  const [first] = missing
  return first === undefined ? undefined : { seq: first[1], reason: `the text ${first[0]} that it names is missing` }
}

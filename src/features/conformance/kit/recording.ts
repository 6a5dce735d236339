import { z } from 'zod'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import type { RawAnswer, RawOutcome } from '../../../eos/device/device.ts'
import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, isJsonObject, type Json, readableJson } from '../../../model/json.ts'
import { TRANSPORT_KINDS } from '../../../model/transport-kind.ts'

const json: z.ZodType<Json> = z.json()
const outcome = z.union([
  z.strictObject({ ok: z.literal(true), result: json }),
  z.strictObject({
    ok: z.literal(false),
    errors: z.tuple([z.string()], z.string()).readonly(),
    code: z.number().exactOptional(),
  }),
])

const head = z.strictObject({
  kind: z.literal('conformance-recording'),
  version: z.literal(1),
  device: z.string(),
  eos: z.string(),
  model: z.string(),
  over: z.enum(TRANSPORT_KINDS),
  isTyped: z.boolean(),
  // The image that it boots and its checkpoints, as they were before the first probe.
  image: z.string().exactOptional(),
  checkpoints: z.array(z.string()).readonly(),
  // By our clock, milliseconds since the epoch.
  at: z.int(),
})
const step = z.strictObject({
  kind: z.literal('step'),
  probe: z.string(),
  step: z.string(),
  // Milliseconds since the run began, and until the answer was there.
  at: z.number(),
  milliseconds: z.number(),
  // Seconds, by the switch's own clock: counted on from its last `show version`.
  uptime: z.number().exactOptional(),
  epoch: z.number().exactOptional(),
  status: z.literal(200).exactOptional(),
  request: z.string().exactOptional(),
  answer: z.string().exactOptional(),
  outcomes: z.array(outcome).readonly().exactOptional(),
  prompts: z.array(z.string()).readonly().exactOptional(),
  failure: z.strictObject({ error: z.string(), message: z.string(), says: z.string().exactOptional() }).exactOptional(),
  skipped: z.string().exactOptional(),
})
const end = z.strictObject({
  kind: z.literal('end'),
  stopped: z.string().exactOptional(),
  remains: z.array(z.string()).readonly(),
})
export const recordedLine = z.discriminatedUnion('kind', [head, step, end])

type RecordingHead = z.output<typeof head>
export type RecordedStep = z.output<typeof step>
type RecordingEnd = z.output<typeof end>
export type RecordedLine = z.output<typeof recordedLine>

export interface KitRecording {
  readonly head: RecordingHead
  readonly steps: readonly RecordedStep[]
  readonly end?: RecordingEnd
}

export function recordedText(line: RecordedLine): string {
  return `${JSON.stringify(line)}\n`
}

/** Reads a recording: the first line that is none of version 1 is a problem, and so is a first line that names no switch. */
export function readRecording(text: string, file: string): ValueOrProblems<KitRecording> {
  const lines = text
    .split('\n')
    .flatMap((line, at) =>
      line.trim() === '' ? [] : [{ line: at + 1, read: recordedLine.safeParse(readableJson(line)) }],
    )
  const [bad] = lines.flatMap(({ line, read }) => (read.success ? [] : [problemAt(file, line)]))
  if (bad !== undefined) return { ok: false, problems: [bad] }
  const all = lines.flatMap(({ read }) => (read.success ? [read.data] : []))
  const [first] = all
  if (first?.kind !== 'conformance-recording') return { ok: false, problems: [problemAt(file, 1)] }
  const last = all.find((line) => line.kind === 'end')
  return {
    ok: true,
    value: {
      head: first,
      steps: all.filter((line) => line.kind === 'step'),
      ...definedMembers({ end: last }),
    },
  }
}

function problemAt(file: string, line: number): Problem {
  return {
    code: 'no-recording',
    message:
      line === 1
        ? 'it does not begin as a recording of version 1 does, with the switch that it is of'
        : 'the line is none of a recording of version 1',
    at: { file, line, column: 1 },
    hint: 'eosflow doctor --conformance -t SWITCH --record DIR makes one',
  }
}

/** Takes the secrets out of an answer: those of configuration lines, and what `scrub` knows. */
export function withoutSecrets(answer: RawAnswer, scrub: (text: string) => string): RawAnswer {
  const clean = (text: string) => scrub(redact(text))
  return {
    request: bytes(answer.request, clean),
    answer: bytes(answer.answer, clean),
    outcomes: answer.outcomes.map((one) => cleaned(one as unknown as Json, clean) as unknown as RawOutcome),
    ...(answer.prompts === undefined ? {} : { prompts: answer.prompts.map(clean) }),
  }
}

function bytes(text: string, clean: (text: string) => string) {
  const read = readableJson(text)
  if (read === undefined) return clean(text)
  const safe = JSON.stringify(cleaned(read, clean))
  return safe === JSON.stringify(read) ? clean(text) : safe
}

function cleaned(value: Json, clean: (text: string) => string): Json {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((one) => cleaned(one, clean))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleaned(one, clean)]))
}

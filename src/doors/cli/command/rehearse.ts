import { KINDS, type Selection } from '../../../lab/rehearse/matrix.ts'
import { rehearse, stageOf } from '../../../lab/rehearse/rehearse.ts'
import { problemOf } from '../../../model/error.ts'
import { systemClock } from '../../../project/system/machine/system-clock.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { saveText } from '../../../project/system/process/save-text.ts'
import { rehearsalAs } from '../../../report/rehearsal/rehearsal.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { styleOf } from '../../../report/text/text.ts'
import { texts } from '../option/options.ts'
import { repeated } from '../outcome/repeat.ts'
import type { Invocation, Io } from '../terminal/io.ts'
import { requestOf } from '../thread/request.ts'
import { trialRunnersFor } from '../thread/trial-runners.ts'

/** Exit 6 when any trial ends badly. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const begun = systemClock.monotonic()
  const selection = selectionOf(invocation)
  const stage = await stageOf(await requestOf(invocation, selection))
  const { runners, end } = trialRunnersFor(stage, invocation, selection)
  const watch = { stop: io.stop, progress: progressOn(io, global.json) }
  const rehearsal = await rehearse(stage, runners, watch).finally(end)
  if (typeof options.junit === 'string') saveText(io, options.junit, rehearsalAs.junit(rehearsal))
  const bad = rehearsal.cells.find(({ ok }) => !ok)
  const code = bad === undefined ? 0 : 6
  if (global.json) {
    io.out(`${JSON.stringify(rehearsalAs.json(rehearsal, code))}\n`)
    return code
  }
  const elapsed = (systemClock.monotonic() - begun) / 1000
  io.out(`${rehearsalAs.text(rehearsal, elapsed, styleOf(io))}\n`)
  io.out(`Next: ${bad === undefined ? `eosflow plan ${shellWord(args[0] ?? '')}` : typedFor(invocation, bad.kind)}\n`)
  return code
}

function selectionOf({ options }: Invocation): Selection {
  const only = texts(options.only)
  const unknown = only.filter((kind) => !KINDS.includes(kind))
  const seed = options.seed === undefined ? 1 : Number(options.seed)
  const isSeed = Number.isSafeInteger(seed) && seed >= 0
  const problems = [
    ...unknown.map((kind) =>
      problemOf('--only', 'bad-usage', `\`${kind}\` is no kind of fault`, `One of ${KINDS.join(', ')}.`),
    ),
    ...(isSeed
      ? []
      : [problemOf('--seed', 'bad-usage', 'the seed is not a whole number', 'Write for example --seed 7.')]),
  ]
  if (problems.length > 0) throw new InputError(problems)
  return { only, all: options.all === true, seed }
}

function progressOn(io: Io, isSilent: boolean): (done: number, of: number) => void {
  let said = systemClock.monotonic()
  return (done, of) => {
    const now = systemClock.monotonic()
    if (isSilent || !io.interactive || now - said < 2000) return
    said = now
    io.err(`${done} of ${of} trials\n`)
  }
}

function typedFor(invocation: Invocation, kind: string) {
  const options = { only: [kind], all: kind === 'crash' || invocation.options.all, junit: undefined }
  return repeated(invocation, { options })
}

import { compareSnapshots } from '../../../project/switches/snapshot/take-snapshot.ts'
import { requireNoOtherPage, saveText } from '../../../project/system/process/save-text.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { type DeviceDiff, isSame, type Sides, snapshotDiffAs } from '../../../report/snapshot-diff/formats.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** What became of switches between two snapshots, or since one: configuration as changes, state in the network's words. */
export const run = judgedCommand(
  ({ options, io }) => {
    if (typeof options.html === 'string' && options.html !== '-') requireNoOtherPage(io, options.html)
  },
  async ({ app, caller, args, options, invocation }) => {
    const [before = '', after] = args
    const diffs = await compareSnapshots(app, caller, { before, after, target: text(options.target) })
    print(invocation, diffs, after === undefined ? { before } : { before, after })
    return options.detailedExitcode === true && !diffs.every(isSame) ? 2 : 0
  },
)

function print({ io, options, global }: Invocation, diffs: readonly DeviceDiff[], sides: Sides) {
  const { html } = options
  if (typeof html === 'string' && html !== '-') saveText(io, html, snapshotDiffAs.html(diffs, sides))
  if (global.json) io.out(`${snapshotDiffAs.json(diffs, sides)}\n`)
  else if (html === '-') io.out(snapshotDiffAs.html(diffs, sides))
  else if (options.markdown === true) io.out(snapshotDiffAs.markdown(diffs, sides))
  else {
    const next = sides.after === undefined ? 'take after' : `show ${shellWord(sides.after)}`
    io.out(`${snapshotDiffAs.text(diffs, sides, styleOf(io))}\nNext: eosflow snapshot ${next}\n`)
  }
}

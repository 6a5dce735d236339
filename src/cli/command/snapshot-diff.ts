import { chosenDevices } from '../../app/chosen-devices.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { saveText } from '../../app/save-text.ts'
import { secretlessLines } from '../../app/secretless-lines.ts'
import { shellWord } from '../../app/shell-word.ts'
import { type SnapshotDocument, snapshotNamed } from '../../app/snapshot-document.ts'
import { readSwitches } from '../../app/snapshot-reading.ts'
import { compareDevices, type DeviceDiff, isSame, type Sides } from '../../report/snapshot-diff.ts'
import { snapshotDiffHtml } from '../../report/snapshot-diff-html.ts'
import { snapshotDiffJson } from '../../report/snapshot-diff-json.ts'
import { snapshotDiffMarkdown } from '../../report/snapshot-diff-markdown.ts'
import { snapshotDiffText } from '../../report/snapshot-diff-text.ts'
import { colored, plain } from '../../report/style.ts'
import { atBench, type Bench } from '../bench.ts'
import type { Invocation } from '../io.ts'

/** What became of switches between two snapshots, or since one: configuration as changes, state in the network's words. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  return atBench(invocation, async (bench) => {
    const [before = '', after] = args
    const was = await snapshotNamed(bench.desk, before)
    const chosen = selected(bench, was)
    await requireAllowed(bench, 'task.snapshot', { devices: chosen ?? Object.keys(was.devices) })
    const is = after === undefined ? await live(bench, chosen) : (await snapshotNamed(bench.desk, after)).devices
    const diffs = compareDevices(only(was.devices, chosen), only(is, chosen), secretlessLines)
    print(invocation, diffs, after === undefined ? { before } : { before, after })
    return options.detailedExitcode === true && !diffs.every(isSame) ? 2 : 0
  })
}

/** In the form that is asked for; a page goes into a file, or with `-` where the others go. */
function print({ io, options, global }: Invocation, diffs: readonly DeviceDiff[], sides: Sides): void {
  const { html } = options
  if (typeof html === 'string' && html !== '-') saveText(io, html, snapshotDiffHtml(diffs, sides))
  if (global.json) io.out(`${snapshotDiffJson(diffs, sides)}\n`)
  else if (html === '-') io.out(snapshotDiffHtml(diffs, sides))
  else if (options.markdown === true) io.out(snapshotDiffMarkdown(diffs, sides))
  else {
    const next = sides.after === undefined ? 'take after' : `show ${shellWord(sides.after)}`
    io.out(`${snapshotDiffText(diffs, sides, io.color ? colored : plain)}\nNext: eosflow snapshot ${next}\n`)
  }
}

/** The names to compare: those of `-t`; without it, where the switches are asked, those of the snapshot; else all. */
function selected(
  { project, invocation: { options, args } }: Bench,
  { devices }: SnapshotDocument,
): readonly string[] | undefined {
  if (options.target !== undefined) return chosenDevices(project.inventory(), options.target).map(({ name }) => name)
  return args.length === 1 ? Object.keys(devices) : undefined
}

/** A switch of the snapshot that has left the inventory cannot be asked: it stays on one side. */
function live(bench: Bench, names: readonly string[] | undefined): Promise<SnapshotDocument['devices']> {
  const { devices } = bench.project.inventory()
  return readSwitches(
    bench,
    devices.filter(({ name }) => names?.includes(name)),
  )
}

function only(devices: SnapshotDocument['devices'], names: readonly string[] | undefined): SnapshotDocument['devices'] {
  if (names === undefined) return devices
  return Object.fromEntries(Object.entries(devices).filter(([name]) => names.includes(name)))
}

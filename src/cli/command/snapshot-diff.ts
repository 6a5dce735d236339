import { compareDevices, type DeviceDiff, isSame } from '../../report/snapshot-diff.ts'
import { snapshotDiffText } from '../../report/snapshot-diff-text.ts'
import { colored, plain } from '../../report/style.ts'
import { atBench } from '../bench.ts'
import { chosenDevices } from '../chosen-devices.ts'
import type { Bench } from '../execution.ts'
import type { Invocation } from '../io.ts'
import { requireAllowed } from '../policy/authority.ts'
import { secretlessLines } from '../secretless-lines.ts'
import { shellWord } from '../shell-word.ts'
import { type SnapshotDocument, snapshotNamed } from '../snapshot-document.ts'
import { readSwitches } from '../snapshot-reading.ts'

const LIVE = 'the switches now'

/** What became of switches between two snapshots, or since one: configuration as changes, state in the network's words. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  return atBench(invocation, async (bench) => {
    const [before = '', after] = args
    const was = await snapshotNamed(bench.desk, before)
    const chosen = selected(bench, was)
    await requireAllowed(bench, 'task.snapshot', { devices: chosen ?? Object.keys(was.devices) })
    const is = after === undefined ? await live(bench, chosen) : (await snapshotNamed(bench.desk, after)).devices
    const diffs = compareDevices(only(was.devices, chosen), only(is, chosen), secretlessLines)
    if (global.json) io.out(`${JSON.stringify(json(diffs, before, after))}\n`)
    else {
      const text = snapshotDiffText(diffs, { before, after: after ?? LIVE }, io.color ? colored : plain)
      io.out(`${text}\nNext: eosflow snapshot ${after === undefined ? 'take after' : `show ${shellWord(after)}`}\n`)
    }
    return options.detailedExitcode === true && !diffs.every(isSame) ? 2 : 0
  })
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

function json(diffs: readonly DeviceDiff[], before: string, after: string | undefined): object {
  const devices = diffs.map(({ name, ...diff }) => [name, { same: isSame({ name, ...diff }), ...diff }])
  return {
    version: 1,
    kind: 'snapshot-diff',
    before,
    after: after ?? null,
    equal: diffs.every(isSame),
    devices: Object.fromEntries(devices),
  }
}

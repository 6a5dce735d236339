import { chosenDevices } from '../../app/chosen-devices.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { saveText } from '../../app/save-text.ts'
import { secretlessLines } from '../../app/secretless-lines.ts'
import { shellWord } from '../../app/shell-word.ts'
import { type SnapshotDocument, snapshotNamed } from '../../app/snapshot-document.ts'
import { readSwitches } from '../../app/snapshot-reading.ts'
import { snapshotDiffAs } from '../../report/snapshot-diff/formats.ts'
import { compareDevices, type DeviceDiff, isSame, type Sides } from '../../report/snapshot-diff/snapshot-diff.ts'
import { colored, plain } from '../../report/style.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

/** What became of switches between two snapshots, or since one: configuration as changes, state in the network's words. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const [before = '', after] = args
    const was = await snapshotNamed(app, before)
    const chosen = selected(context, was)
    await requireAllowed(app, caller, 'task.snapshot', { devices: chosen ?? Object.keys(was.devices) })
    const is = after === undefined ? await live(context, chosen) : (await snapshotNamed(app, after)).devices
    const diffs = compareDevices(only(was.devices, chosen), only(is, chosen), secretlessLines)
    print(invocation, diffs, after === undefined ? { before } : { before, after })
    return options.detailedExitcode === true && !diffs.every(isSame) ? 2 : 0
  })
}

/** In the form that is asked for; a page goes into a file, or with `-` where the others go. */
function print({ io, options, global }: Invocation, diffs: readonly DeviceDiff[], sides: Sides): void {
  const { html } = options
  if (typeof html === 'string' && html !== '-') saveText(io, html, snapshotDiffAs.html(diffs, sides))
  if (global.json) io.out(`${snapshotDiffAs.json(diffs, sides)}\n`)
  else if (html === '-') io.out(snapshotDiffAs.html(diffs, sides))
  else if (options.markdown === true) io.out(snapshotDiffAs.markdown(diffs, sides))
  else {
    const next = sides.after === undefined ? 'take after' : `show ${shellWord(sides.after)}`
    io.out(`${snapshotDiffAs.text(diffs, sides, io.color ? colored : plain)}\nNext: eosflow snapshot ${next}\n`)
  }
}

/** The names to compare: those of `-t`; without it, where the switches are asked, those of the snapshot; else all. */
function selected(
  { app: { project }, invocation: { options, args } }: CommandContext,
  { devices }: SnapshotDocument,
): readonly string[] | undefined {
  if (options.target !== undefined) return chosenDevices(project.inventory(), options.target).map(({ name }) => name)
  return args.length === 1 ? Object.keys(devices) : undefined
}

/** A switch of the snapshot that has left the inventory cannot be asked: it stays on one side. */
function live(
  { app, caller }: CommandContext,
  names: readonly string[] | undefined,
): Promise<SnapshotDocument['devices']> {
  const { devices } = app.project.inventory()
  return readSwitches(
    app,
    caller,
    devices.filter(({ name }) => names?.includes(name)),
  )
}

function only(devices: SnapshotDocument['devices'], names: readonly string[] | undefined): SnapshotDocument['devices'] {
  if (names === undefined) return devices
  return Object.fromEntries(Object.entries(devices).filter(([name]) => names.includes(name)))
}

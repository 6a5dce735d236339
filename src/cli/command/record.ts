import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { chosenDevices } from '../../app/chosen-devices.ts'
import { readFabric } from '../../app/fabric-folder.ts'
import { InputError } from '../../app/input-error.ts'
import { openFleet } from '../../app/open-fleet.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { saveText } from '../../app/save-text.ts'
import { shellWord } from '../../app/shell-word.ts'
import { trustRecord } from '../../app/trust/trust-record.ts'
import type { Command } from '../../model/command.ts'
import { hmac } from '../../model/digest.ts'
import { type Problem, problemOf } from '../../model/problem.ts'
import { count, switches } from '../../report/count.ts'
import { visibleLine } from '../../report/visible.ts'
import { systemRandom } from '../../system/system-random.ts'
import { onEach } from '../../task/on-each.ts'
import { read } from '../../task/read.ts'
import { type FabricFolder, fabricFolder, sharedFiles } from '../../trial/record/fabric-folder.ts'
import { type RecordedSwitch, recordedCommands, recordSwitch } from '../../trial/record/recorded-switch.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation, Io } from '../io.ts'

/** Switches to a fabric folder that answers as they did: configurations, outputs, cables from LLDP, secrets replaced. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, global } = invocation
  return withApp(invocation, async (context) => {
    const { app } = context
    const folder = newFolder(invocation)
    const commands = commandsOf(options.command)
    const recorded = await recordAll(context, commands)
    const key = hmac(app.key, 'eosflow record')
    const made = fabricFolder(recorded, { name: nameOf(folder), key, anonymize: options.anonymize === true })
    write(io, folder, made)
    readFabric(io, folder)
    const shown = relative(io.cwd, folder)
    if (global.json) io.out(`${JSON.stringify(json(shown, recorded, made))}\n`)
    else io.out(text(shown, recorded, made))
    return 0
  })
}

async function recordAll(context: CommandContext, commands: readonly Command[]): Promise<readonly RecordedSwitch[]> {
  const { app, caller, invocation } = context
  const { io, options } = invocation
  const inventory = app.project.inventory()
  const chosen = chosenDevices(inventory, options.target)
  await requireAllowed(app, caller, 'task.snapshot', { devices: chosen.map(({ name }) => name) })
  const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) }).as('read')
  const patience = { fleet, clock: app.clock, random: systemRandom, signal: io.stop }
  try {
    const names = chosen.map(({ name }) => name)
    return await onEach(names, (name) => read(patience, name, (device) => recordSwitch(device, commands)))
  } finally {
    await fleet.close()
  }
}

/** What the simulator answers from the configuration, the identity or its own clock: an old answer would be a wrong one. */
const COMPUTED = /^show (?:version|clock|uptime|hostname|running-config|startup-config|session-config|configuration)\b/

/** The commands of areas and checks, and those of `--command`. Throws InputError for what does not only show. */
function commandsOf(given: unknown): readonly Command[] {
  const asked = (Array.isArray(given) ? given : []).map((one) => String(one).trim().replace(/\s+/g, ' '))
  const problems = asked.flatMap((command): Problem[] => {
    if (!/^show [\w./: -]+$/.test(command)) {
      return [
        bad(
          command,
          'only a show command in full words, without a pipe, can be recorded',
          'Write it as `show inventory`.',
        ),
      ]
    }
    if (COMPUTED.test(command)) {
      return [bad(command, 'a recorded fabric answers this from its configuration and its clock', 'Leave it out.')]
    }
    return []
  })
  const commands = new Map(recordedCommands().map((command) => [command.cmd, command]))
  for (const cmd of asked) if (!commands.has(cmd)) commands.set(cmd, { cmd })
  const shared = sharedFiles([...commands.keys()]).map(([a, b]) =>
    bad(b, `its outputs would lie in the same file as those of \`${a}\``, 'Record one of the two.'),
  )
  if (problems.length + shared.length > 0) throw new InputError([...problems, ...shared])
  return [...commands.values()]
}

/** The folder of `-o`: new, or there and empty. Throws InputError. */
function newFolder({ io, options }: Invocation): string {
  const typed = typeof options.out === 'string' ? options.out : ''
  if (typed === '') throw new InputError([bad('-o', 'no folder is named', 'Name a new one: -o fabrics/dc1-recorded')])
  const folder = resolve(io.cwd, typed)
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new InputError([bad(typed, 'the folder is not empty', 'Name a new one, or remove this one first.')])
  }
  return folder
}

function nameOf(folder: string): string {
  return (
    basename(folder)
      .replace(/^[^A-Za-z0-9]+|[^\w.-]/g, '')
      .slice(0, 64) || 'recorded'
  )
}

function write(io: Io, folder: string, { files }: FabricFolder): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    saveText(io, file, content)
  }
}

function json(folder: string, recorded: readonly RecordedSwitch[], made: FabricFolder): object {
  const { secrets, cables, warnings } = made
  const devices = recorded.map(({ outputs }, index) => ({ name: made.devices[index], recorded: outputs.length }))
  return { version: 1, kind: 'recording', folder, devices, cables, secrets, warnings }
}

function text(
  folder: string,
  recorded: readonly RecordedSwitch[],
  { secrets, cables, warnings }: FabricFolder,
): string {
  const outputs = recorded.reduce((sum, one) => sum + one.outputs.length, 0)
  return [
    ...warnings.map((warning) => visibleLine(`! ${warning}`)),
    `Recorded: ${switches(recorded.length)} in ${folder} · ${count(outputs, 'output')}, ${count(cables, 'cable')}, ${count(secrets, 'secret')} replaced`,
    `Next: eosflow sim start ${shellWord(folder)}`,
    '',
  ].join('\n')
}

function bad(file: string, message: string, hint: string): Problem {
  return problemOf(file, 'bad-usage', message, hint)
}

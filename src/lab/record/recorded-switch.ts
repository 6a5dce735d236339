import { stateAreas } from '../../eos/check/area/index.ts'
import { builtinChecks } from '../../eos/check/builtin/index.ts'
import type { Device, DeviceIdentity } from '../../eos/device/device.ts'
import type { Command } from '../../model/command.ts'
import type { Json } from '../../model/json.ts'

/** What one switch showed, as it showed it: secrets included. */
export interface RecordedSwitch {
  /** Its inventory name. */
  readonly name: string
  readonly identity: DeviceIdentity
  readonly running: string
  /** Its startup-config, where that is not the same. */
  readonly startup?: string
  /** In the order asked; a command that it refuses in both forms is not among them. */
  readonly outputs: readonly Output[]
}

/** What a switch answered to one command, in the forms it has. */
export interface Output {
  readonly command: string
  readonly json?: Json
  readonly text?: string
}

/** The show commands that the state areas and the checks ask; of a check with inputs, none. Each once, with its revision. */
export function recordedCommands(): readonly Command[] {
  const ofChecks = builtinChecks.flatMap((check) => {
    const input = check.input.safeParse({})
    return input.success ? check.commands(input.data) : []
  })
  const all = [...stateAreas.flatMap(({ commands }) => commands), ...ofChecks].filter(({ cmd }) =>
    cmd.startsWith('show '),
  )
  return [...new Map(all.map((command) => [command.cmd, command])).values()]
}

/** Reads one switch: reads only, each command in both forms. One that it does not know is left out. */
export async function recordSwitch(device: Device, commands: readonly Command[]): Promise<RecordedSwitch> {
  const { identity, replies } = await device.look(commands.map(({ format: _, ...command }) => command))
  const printed = await device.print(commands.map(({ cmd }) => cmd))
  const { running, startupDiff } = await device.readConfig()
  const [startup] = startupDiff?.trim() === '' ? [] : await device.print(['show startup-config'])
  const outputs = commands.map(({ cmd }, index): Output => {
    const [reply, text] = [replies[index], printed[index]]
    return {
      command: cmd,
      ...(reply?.ok === true ? { json: reply.json } : {}),
      ...(text?.ok === true ? { text: text.text } : {}),
    }
  })
  return {
    name: device.name,
    identity,
    running,
    ...(startup?.ok === true ? { startup: startup.text } : {}),
    outputs: outputs.filter(({ json, text }) => json !== undefined || text !== undefined),
  }
}

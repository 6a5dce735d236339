import { stateAreas } from '../../eos/check/area/index.ts'
import { builtinChecks } from '../../eos/check/builtin/index.ts'
import type { Device, DeviceIdentity } from '../../eos/device/device.ts'
import type { Command } from '../../model/command.ts'
import type { Json } from '../../model/json.ts'

export interface RecordedSwitch {
  readonly name: string
  readonly identity: DeviceIdentity
  readonly running: string
  readonly startup?: string
  readonly outputs: readonly Output[]
}

export interface Output {
  readonly command: string
  readonly json?: Json
  readonly text?: string
}

/** Each once, with its revision. */
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

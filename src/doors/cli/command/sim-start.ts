import { relative, resolve } from 'node:path'
import { type OneSwitchOptions, oneSwitchFabric } from '../../../eos/sim/fabric/fabric.ts'
import { readyJson, readyText, rememberSimulator } from '../../../lab/simulator/control.ts'
import { fabricIn, startSimulator } from '../../../lab/simulator/start.ts'
import { definedMembers } from '../../../model/json.ts'
import { aborted } from '../../../model/linked-abort.ts'
import { fabricFolders } from '../../../project/files/fabric-folder.ts'
import { findProject, type Project } from '../../../project/files/project.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { readConfigText } from '../../../project/system/process/read-config.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

/** In a project a fabric of its own answers where the inventory looks for its switches, so that `run` finds them; any other on ports that are free. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const project = findProject(io, global)
  const running = await startSimulator(fabricOf(invocation, project), project?.dir)
  const note =
    project === undefined ? undefined : await rememberSimulator(project, running.control, running.ca, process.pid)
  try {
    const { host, port } = running.control
    const next = `Next: eosflow sim status --control ${host}:${port}`
    io.out(
      global.json
        ? `${readyJson(running, note?.caFile)}\n`
        : `${readyText(running, note?.caFile, process.pid)}\n${next}\n`,
    )
    await aborted(io.stop)
    return 0
  } finally {
    note?.forget()
    await running.close()
  }
}

function fabricOf({ io, args, options }: Invocation, project: Project | undefined) {
  if (typeof options.config === 'string') {
    return oneSwitchFabric(readConfigText(io, options.config), oneSwitchOptions(options))
  }
  return fabricIn(io, project, resolve(io.cwd, args[0] ?? onlyFabric(io.cwd, project)))
}

function oneSwitchOptions({ eos, name, privilege, enableSecret, verbatim }: Invocation['options']): OneSwitchOptions {
  if (eos !== undefined && !/^4\.\d+(\.\d+)*[A-Z]*$/.test(String(eos))) {
    throw inputError('--eos', 'bad-usage', `\`${eos}\` is no EOS version`, 'Write it as 4.32.2F.')
  }
  if (privilege !== undefined && privilege !== '1' && privilege !== '15') {
    throw inputError('--privilege', 'bad-usage', `\`${privilege}\` is no privilege of a login`, 'Write 1 or 15.')
  }
  return {
    ...definedMembers({ eos: text(eos), name: text(name), enableSecret: text(enableSecret) }),
    ...(privilege === undefined ? {} : { privilege: privilege === '1' ? 1 : 15 }),
    ...(verbatim === true ? { verbatim } : {}),
  }
}

function onlyFabric(cwd: string, project: Project | undefined) {
  const folders = project === undefined ? [] : fabricFolders(project)
  const [folder] = folders
  if (folder !== undefined && folders.length === 1) return folder
  const names = folders.map((one) => relative(cwd, one)).join(', ')
  const message = names === '' ? 'no fabric is named' : `the project has several fabrics: ${names}`
  throw inputError(
    'sim start',
    'bad-usage',
    message,
    'Name a folder with fabric.yaml, or a running-config with --config FILE.',
  )
}

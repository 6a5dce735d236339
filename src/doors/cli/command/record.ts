import { existsSync, readdirSync } from 'node:fs'
import { basename, relative, resolve } from 'node:path'
import { commandsToRecord } from '../../../lab/record/commands-to-record.ts'
import { fabricFolder, fabricName, recordSwitch } from '../../../lab/record/fabric-folder.ts'
import { recordingJson, recordingText } from '../../../lab/record/recording-text.ts'
import { hmac } from '../../../model/digest.ts'
import { readFabric } from '../../../project/files/fabric-folder.ts'
import { readEach } from '../../../project/switches/connect/open-fleet.ts'
import { chosenDevices } from '../../../project/switches/inventory/tell-warnings.ts'
import { requireOwnFiles } from '../../../project/system/process/file-names.ts'
import { inputError, orProblems } from '../../../project/system/process/input-error.ts'
import { saveFolder } from '../../../project/system/process/save-text.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { text, texts } from '../option/options.ts'
import { appCommand } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export const run = appCommand(async ({ app, caller, io, options, global, invocation }) => {
  const folder = newFolder(invocation)
  const commands = orProblems(commandsToRecord(texts(options.command)))
  requireOwnFiles(chosenDevices(app.project.inventory(), text(options.target)).map(({ name }) => name))
  const recorded = await readEach(app, caller, text(options.target), (device) => recordSwitch(device, commands))
  const key = hmac(app.key.text, 'eosflow record')
  const made = fabricFolder(recorded, {
    name: fabricName(basename(folder)),
    key,
    anonymize: options.anonymize === true,
  })
  saveFolder(io, folder, made.files, 'Nothing was changed. Name another folder, and record again.')
  readFabric(io, folder)
  const shown = relative(io.cwd, folder)
  io.out(
    global.json
      ? `${recordingJson(shown, recorded, made)}\n`
      : `${recordingText(shown, recorded, made)}\nNext: eosflow sim start ${shellWord(shown)}\n`,
  )
  return 0
})

// Throws InputError.
function newFolder({ io, options }: Invocation) {
  const typed = typeof options.out === 'string' ? options.out : ''
  if (typed === '') throw inputError('-o', 'bad-usage', 'no folder is named', 'Name a new one: -o fabrics/dc1-recorded')
  const folder = resolve(io.cwd, typed)
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw inputError(typed, 'bad-usage', 'the folder is not empty', 'Name a new one, or remove this one first.')
  }
  return folder
}

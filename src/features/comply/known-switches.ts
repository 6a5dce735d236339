import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { OfflineDevice } from '../../change/plan/offline.ts'
import { EosflowError } from '../../model/error.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { secretlessConfig } from '../../project/switches/connect/secretless-lines.ts'
import { offlineDevices } from '../../project/switches/snapshot/offline-devices.ts'
import { asInBackup } from '../backup/back-up.ts'
import { BACKUPS, BackupFolder, fileOf } from '../backup/backup-folder.ts'

export interface KnownSwitch {
  readonly device: OfflineDevice
  secretless(text: string): string
}

/** Throws InputError where there is no such source; what is given throws `guard` for a switch of which nothing is known. */
export async function knownSwitches(
  app: RecordApp,
  source: string | undefined,
): Promise<(name: string) => KnownSwitch> {
  const dir = source === undefined ? undefined : backupsAt(app, source)
  if (dir !== undefined) {
    const folder = new BackupFolder(dir)
    return (name) => inBackup(app, folder, name)
  }
  const devices = await offlineDevices(app.project, app, {
    source,
    names: app.project.inventory().devices.map(({ name }) => name),
  })
  return (name) => {
    const device = devices.get(name)
    if (device === undefined) throw unknown(name, 'nothing is known of it offline')
    return { device, secretless: secretlessConfig }
  }
}

function backupsAt({ cwd, project }: RecordApp, source: string) {
  return [resolve(cwd, source), resolve(project.dir, source)].find((dir) => existsSync(join(dir, BACKUPS)))
}

function inBackup(app: RecordApp, folder: BackupFolder, name: string): KnownSwitch {
  const form = folder.entry(name)?.form
  const running = form === undefined ? undefined : folder.read(fileOf(name, form))
  if (form === undefined || running === undefined) throw unknown(name, 'there is no backup of it')
  if (form === 'age') throw unknown(name, 'its backup is encrypted')
  const identity = { serial: '', systemMac: '', eos: '', model: '' }
  return {
    device: { name, identity, running, startupDiff: undefined, state: {} },
    secretless: form === 'keep' ? secretlessConfig : (text) => asInBackup(app, text),
  }
}

function unknown(device: string, why: string) {
  return new EosflowError('guard', `${device}: ${why}`, { device })
}

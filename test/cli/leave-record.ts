import { exits } from '../lab/exits.ts'
import { inProcess } from './in-process.ts'

let copies = 0

/** Has a command leave one record in the store of a project, and a checkpoint over it: that of a backup. */
export async function leaveRecord(dir: string) {
  copies += 1
  await exits(0, inProcess(`store backup copy-${copies}.db`, dir))
}

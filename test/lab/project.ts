import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, exits } from './exits.ts'
import { writeFiles } from './files.ts'
import { type DeviceFault, type RunningDevice, renderConfig } from './sources.ts'
import { whereIs } from './vlan-change.ts'

/** A fabric as far as a project asks it. */
interface Switches<Device> {
  device(name: string): Device
  fault(fault: DeviceFault): unknown
  clearFaults(): unknown
}

/** The files of a project, its switches by their names, and command lines that are typed in it. */
export interface Project<Device> extends Switches<Device> {
  readonly dir: string
  write(path: string, text: string | Uint8Array): void
  read(path: string): string
  /** Where a switch is, by its own running-config. */
  whereIs(device: string): ReturnType<typeof whereIs>
  /** The running-config of a switch. */
  running(device: string): string
  /** How many commits a switch has had. */
  commits(device: string): ReturnType<RunningDevice['counters']>['commits']
  /** Runs one command line of the real program to its end. */
  eosflow(...argv: readonly string[]): Promise<Ended>
  /** The same, which must end with this exit code. */
  exits(code: number, ...argv: readonly string[]): Promise<Ended>
  /** The same, which must end with exit 0. */
  ok(...argv: readonly string[]): Promise<Ended>
}

/** The project of a folder. */
export const projectIn = <Device extends Pick<RunningDevice, 'switch' | 'counters'>>(
  dir: string,
  fabric: Switches<Device>,
  eosflow: Project<Device>['eosflow'],
): Project<Device> => ({
  dir,
  device: (name) => fabric.device(name),
  fault: (fault) => fabric.fault(fault),
  clearFaults: () => fabric.clearFaults(),
  write: (path, text) => writeFiles(dir, { [path]: text }),
  read: (path) => readFileSync(join(dir, path), 'utf8'),
  whereIs: (name) => whereIs(fabric.device(name)),
  running: (name) => renderConfig(fabric.device(name).switch.running),
  commits: (name) => fabric.device(name).counters().commits,
  eosflow,
  // By its own command line: a lab that is made of another one may have another.
  exits(code, ...argv) {
    return exits(code, this.eosflow(...argv))
  },
  ok(...argv) {
    return this.exits(0, ...argv)
  },
})

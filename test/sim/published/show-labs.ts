import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedSwitch } from '../lab-fabric.ts'
import { heardBy, macOf } from './avd-lab.ts'
import type { PublishedLab } from './published-lab.ts'

/** Three labs of eight vEOS switches of 4.24.0F each: a folder for each switch, and in it a file for each command. */
export function readShowLabs(folder: string): readonly PublishedLab[] {
  return ['ISIS_unnumbered', 'ebgp', 'ospf'].map((name) => {
    const switches = readdirSync(join(folder, name))
      .sort()
      .map((one) => switchOf(one, join(folder, name, one)))
    return { name, switches, around: [] }
  })
}

function switchOf(name: string, folder: string): RecordedSwitch {
  const show: Record<string, unknown> = Object.fromEntries(
    readdirSync(folder).map((file) => [file.slice(0, -'.txt'.length), readFileSync(join(folder, file), 'utf8')]),
  )
  const config = String(show['show running-config']).trimEnd()
  return {
    name,
    config: `${/^! device/m.test(config) ? '' : `! device: ${name} (vEOS, EOS-4.24.0F)\n`}${config}\n`,
    show: {
      ...show,
      'show version | json': { systemMacAddress: macOf(String(show['show version'])) },
      'show lldp neighbors detail | json': { lldpNeighbors: heardBy(String(show['show lldp neighbors'])) },
    },
  }
}

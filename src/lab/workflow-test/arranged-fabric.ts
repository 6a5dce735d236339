import { mergeConfig } from '../../eos/config/merge.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { renderConfig } from '../../eos/config/text/render.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import type { Cable } from '../../eos/sim/platform/facts.ts'

/** What a case puts into its fabric before it is booted: lines that switches have saved, and further cables. */
export interface Arrangement {
  readonly lines: Readonly<Record<string, readonly string[]>>
  readonly cables: readonly Cable[]
}

/** A fabric as a case finds it. A port that is plugged anew loses the cable it had. */
export function arrangedFabric(fabric: Fabric, { lines, cables }: Arrangement): Fabric {
  const ends = new Set(cables.flatMap(({ a, b }) => [endText(a), endText(b)]))
  const kept = fabric.cabling.filter(({ a, b }) => !ends.has(endText(a)) && !ends.has(endText(b)))
  return {
    ...fabric,
    cabling: [...kept, ...cables],
    devices: fabric.devices.map((device) => {
      const added = lines[device.name]
      if (added === undefined) return device
      const { startup, config, ...rest } = device
      const merged = (text: string): string => renderConfig(mergeConfig(parseConfig(text), added))
      return { ...rest, config: merged(config), ...(startup === undefined ? {} : { startup: merged(startup) }) }
    }),
  }
}

function endText({ device, port }: Cable['a']): string {
  return `${device}:${port}`
}

import type { JsonObject } from '../../../../model/json.ts'
import { dottedMac } from '../../converge/address.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { seconds, uptimeWords } from '../format/text-format.ts'

/** What no configuration and no topology says: build numbers, memory. The same for every simulated switch. */
const BUILD = { number: '30000000', id: '00000000-0000-4000-8000-000000000000', kernel: '5.10.0' } as const
const MEMORY = { totalKb: 8_098_984, freeKb: 5_211_836 } as const

/** The text form without aligned columns is recorded on 4.27, 4.31 and 4.32, the aligned one up to 4.23; where it changed is not. */
const PLAIN_TEXT_SINCE = '4.24'
/** `imageFormatVersion` and `imageOptimization` are recorded from 4.27 on and absent in 4.23. */
const IMAGE_KEYS_SINCE = '4.24'

/** `show version`: napalm, suzieq and ntc; keys of containers only on cEOS. */
export const showVersion = defineShow({
  words: 'show version [detail]',
  docs: 'Model, serial number, EOS version and uptime; napalm (4.15, 4.30), suzieq (4.23), ntc (4.27).',
  json: (context) => {
    const { facts, now, bootedAt } = context
    const container = isContainer(facts.model)
    return {
      mfgName: facts.model === 'vEOS' ? '' : 'Arista',
      modelName: facts.model,
      hardwareRevision: revision(facts.model),
      serialNumber: facts.serial,
      systemMacAddress: facts.systemMac,
      hwMacAddress: isHardware(facts.model) ? facts.systemMac : '00:00:00:00:00:00',
      configMacAddress: '00:00:00:00:00:00',
      version: facts.eos,
      architecture: 'x86_64',
      internalVersion: internalVersion(facts.eos),
      internalBuildId: BUILD.id,
      ...imageKeys(context),
      ...(container ? { cEosToolsVersion: '(unknown)', kernelVersion: BUILD.kernel } : {}),
      bootupTimestamp: seconds(bootedAt),
      uptime: seconds(now - bootedAt),
      memTotal: MEMORY.totalKb,
      memFree: MEMORY.freeKb,
      isIntlVersion: false,
    }
  },
  text: (context) => (eosAtLeast(context.facts.eos, PLAIN_TEXT_SINCE) ? plainText(context) : alignedText(context)),
})

function isHardware(model: string): boolean {
  return model !== 'vEOS' && !isContainer(model)
}

function isContainer(model: string): boolean {
  return model.startsWith('cEOS')
}

function revision(model: string): string {
  return isHardware(model) ? '11.00' : ''
}

/** `4.27.6M` is `4.27.6M-30000000.4276M`; a version that carries its build keeps it. */
function internalVersion(eos: string): string {
  const [plain = eos] = eos.split(' ')
  return plain.includes('-') ? plain : `${plain}-${BUILD.number}.${plain.replaceAll('.', '')}`
}

function imageKeys({ facts }: ShowContext): JsonObject {
  if (!eosAtLeast(facts.eos, IMAGE_KEYS_SINCE)) return {}
  return { imageFormatVersion: imageFormat(facts.model), imageOptimization: optimization(facts.model) }
}

function imageFormat(model: string): string {
  return isContainer(model) ? '1.0' : '2.0'
}

function optimization(model: string): string {
  return isContainer(model) ? 'None' : 'DEFAULT'
}

function plainText({ facts, now, bootedAt }: ShowContext): string {
  const { model, serial, systemMac, eos } = facts
  return lines([
    `Arista ${model}`,
    `Hardware version: ${revision(model)}`,
    `Serial number: ${serial}`,
    `Hardware MAC address: ${dottedMac(systemMac)}`,
    `System MAC address: ${dottedMac(systemMac)}`,
    '',
    `Software image version: ${eos}`,
    'Architecture: x86_64',
    `Internal build version: ${internalVersion(eos)}`,
    `Internal build ID: ${BUILD.id}`,
    `Image format version: ${imageFormat(model)}`,
    `Image optimization: ${optimization(model)}`,
    '',
    ...(isContainer(model) ? [`Kernel version: ${BUILD.kernel}`, ''] : []),
    `Uptime: ${uptimeWords(now - bootedAt)}`,
    `Total memory: ${MEMORY.totalKb} kB`,
    `Free memory: ${MEMORY.freeKb} kB`,
  ])
}

function alignedText({ facts, now, bootedAt }: ShowContext): string {
  const { model, serial, systemMac, eos } = facts
  return lines([
    isHardware(model) ? `Arista ${model}` : model,
    `Hardware version:    ${revision(model)}`,
    `Serial number:       ${serial}`,
    `System MAC address:  ${dottedMac(systemMac)}`,
    '',
    `Software image version: ${eos}`,
    'Architecture:           x86_64',
    `Internal build version: ${internalVersion(eos)}`,
    `Internal build ID:      ${BUILD.id}`,
    '',
    `Uptime:                 ${uptimeWords(now - bootedAt)}`,
    `Total memory:           ${MEMORY.totalKb} kB`,
    `Free memory:            ${MEMORY.freeKb} kB`,
  ])
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`
}

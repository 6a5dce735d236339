import { networkInterfaces } from 'node:os'

const [loopback] = Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
  all.some(({ address }) => address === '::1') ? [name] : [],
)

/** Whether this machine has the loopback of IPv6, and what a skipped test says of that. */
export const hasIpv6 = loopback !== undefined
export const withoutIpv6 = hasIpv6 ? '' : ' (SKIPPED: this machine has no ::1)'

/** The loopback of IPv6 with its zone: `::1%lo` on Linux. */
export const ZONED_LOOPBACK = `::1%${loopback}`

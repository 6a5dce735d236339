/** A name without the separators and the case that catalogs may write it with: `IPv4 Flow_Spec-Vpn` is `ipv4flowspecvpn`. */
export function squeezed(written: string): string {
  return written.replaceAll(/[-_ ]/g, '').toLowerCase()
}

/** An SBOM of npm (CycloneDX) with the packages that are in the file of eosflow, each marked as such: `name`, `version` and `license` of each. */
export function withBundled(sbom, packages) {
  const own = sbom.metadata.component['bom-ref']
  const bundled = packages.map(({ name, version, license }) => ({
    'bom-ref': `bundled:${name}@${version}`,
    type: 'library',
    name,
    version,
    scope: 'required',
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(license === undefined ? {} : { licenses: [licenseOf(license)] }),
    properties: [{ name: 'eosflow:bundled', value: 'true' }],
  }))
  const refs = bundled.map((one) => one['bom-ref'])
  const dependencies = sbom.dependencies.map((one) =>
    one.ref === own ? { ...one, dependsOn: [...(one.dependsOn ?? []), ...refs] } : one,
  )
  return {
    ...sbom,
    // npm takes the name of the folder.
    metadata: { ...sbom.metadata, component: { ...sbom.metadata.component, name: 'eosflow' } },
    components: [...sbom.components, ...bundled],
    dependencies: [...dependencies, ...refs.map((ref) => ({ ref, dependsOn: [] }))],
  }
}

/** One identifier of SPDX, or an expression of several. */
function licenseOf(license) {
  return / (?:OR|AND|WITH) /.test(license) ? { expression: license } : { license: { id: license } }
}

/** What the page of one vault says, and its tab of keys. */
export const enKeys = {
  vaultSettings: {
    title: (vault: string) => `Vault settings: ${vault}`,
    open: (vault: string) => `Vault settings of ${vault}`,
    tabs: 'Vault settings',
    link: 'Keys, passphrase and quick unlock are set for each vault.',
  },

  keys: {
    tab: 'Keys',
    passphrase: 'Passphrase',
  },
}

import type { BrowserGuide, BrowserStep, BrowserTarget } from '../../contract/browser-calls'

const chooseFile: BrowserStep = { kind: 'choose-file', extension: 'p12' }
const typePassword: BrowserStep = { kind: 'type-password' }
const restart: BrowserStep = { kind: 'restart-browser' }
const at = (address: string): BrowserStep => ({ kind: 'open-address', address })
const press = (...labels: string[]): BrowserStep => ({ kind: 'press', labels })

/** The wizard of Windows hides .p12 files until the kind of file is changed. */
const windowsWizard: readonly BrowserStep[] = [
  press('Manage imported certificates from Windows'),
  press('Personal', 'Import…', 'Next', 'Browse…', 'Personal Information Exchange (*.pfx;*.p12)'),
  chooseFile,
  typePassword,
  press('Next', 'Finish'),
  restart,
]

/** All ask for the password themselves: an argument could be read by every program of the person. */
const windowsCommands: BrowserGuide['commands'] = [
  { shell: 'cmd', text: 'certutil -user -importPFX client.p12' },
  {
    shell: 'powershell',
    text: 'Import-PfxCertificate -FilePath client.p12 -CertStoreLocation Cert:\\CurrentUser\\My -Password (Read-Host -AsSecureString)',
  },
]

/** The keychain refuses AES-256 with SHA-256. */
const macos: BrowserGuide = {
  profile: 'compatible',
  steps: [
    { kind: 'open-program', program: 'Keychain Access' },
    press('login', 'File', 'Import Items…'),
    chooseFile,
    typePassword,
    restart,
  ],
  commands: [
    {
      shell: 'sh',
      text: 'security import client.p12 -f pkcs12 -k ~/Library/Keychains/login.keychain-db',
    },
  ],
}

const guides: Readonly<Record<BrowserTarget, BrowserGuide>> = {
  firefox: {
    profile: 'modern',
    steps: [
      // The way there through the settings was changed in 2026; this address goes past it.
      at('chrome://pippki/content/certManager.xhtml'),
      press('Your Certificates', 'Import…'),
      chooseFile,
      typePassword,
    ],
    commands: [],
  },
  'chromium-linux': {
    profile: 'modern',
    steps: [
      at('chrome://certificate-manager/clientcerts/platformclientcerts'),
      press('Import'),
      chooseFile,
      typePassword,
      restart,
    ],
    commands: [],
  },
  'chrome-windows': {
    profile: 'modern',
    steps: [at('chrome://certificate-manager/clientcerts'), ...windowsWizard],
    commands: windowsCommands,
  },
  'edge-windows': {
    profile: 'modern',
    steps: [at('edge://certificate-manager/clientcerts'), ...windowsWizard],
    commands: windowsCommands,
  },
  'chrome-macos': macos,
  'safari-macos': macos,
}

/** How a person imports a PKCS#12 file, and of which profile it has to be. */
export const guideFor = (target: BrowserTarget): BrowserGuide => guides[target]

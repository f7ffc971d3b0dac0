import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintGutter, linter, type Diagnostic } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { offsetAt, readJson, type JsonProblem } from './json-problem'

/** What a JSON editor is bound to. */
export interface CodeEditorOptions {
  readonly label: string
  /** Id of the element that says what is wrong. */
  readonly describedBy: string
  /** The text as the program has it; read again when it changes. */
  readonly text: () => string
  readonly onchange: (text: string) => void
  readonly describe: (problem: JsonProblem) => string
}

/** The style element of CodeMirror needs the nonce of the page's policy. */
function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''
}

const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, class: 'tok-key' },
  { tag: [tags.string, tags.number, tags.bool, tags.null], class: 'tok-value' },
])

const theme = EditorView.theme({
  '&': { maxHeight: '420px', fontSize: 'var(--text-soft)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', minHeight: '160px' },
  '.cm-gutters': {
    background: 'var(--surface-raised)',
    color: 'var(--ink-faint)',
    borderInlineEnd: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'transparent' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    background: 'var(--accent-soft) !important',
  },
  '.tok-key': { color: 'var(--accent-ink)' },
})

/** A CodeMirror editor for JSON in an element. Esc, then Tab, leaves it. */
export function codeEditor(options: CodeEditorOptions): Attachment {
  return (parent) => {
    const view = untrack(() => createView(parent, options))
    $effect(() => {
      const text = options.text()
      const { doc } = view.state
      if (text === doc.toString()) return
      view.dispatch({ changes: { from: 0, to: doc.length, insert: text } })
    })
    return () => view.destroy()
  }
}

function createView(parent: Element, options: CodeEditorOptions): EditorView {
  const attributes = { 'aria-label': options.label, 'aria-describedby': options.describedBy }
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text(),
      extensions: [
        ...[lineNumbers(), history(), drawSelection(), highlightActiveLine()],
        ...[indentOnInput(), bracketMatching(), json(), syntaxHighlighting(highlighting)],
        ...[lintGutter(), linter((view) => problems(view, options.describe))],
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of(attributes),
        EditorView.cspNonce.of(pageNonce()),
        EditorView.lineWrapping,
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) options.onchange(state.doc.toString())
        }),
        theme,
      ],
    }),
  })
}

/** Marks the place that the parser names. */
function problems(view: EditorView, describe: CodeEditorOptions['describe']): Diagnostic[] {
  const text = view.state.doc.toString()
  const reading = readJson(text)
  if (reading.ok) return []
  const { problem } = reading
  const from = offsetAt(text, problem)
  const to = Math.min(from + 1, text.length)
  return [{ from, to, severity: 'error', message: describe(problem) }]
}

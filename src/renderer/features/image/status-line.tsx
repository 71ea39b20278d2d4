/** What the pointer and the arrows do now, where the cursor is, and the last thing that happened. */
import type { ReactNode } from 'react';
import { useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import type { EditorSnapshot } from '../../editor/editor';
import { draftOfSnapshot, pointerOnImage } from '../../editor/editor';
import { useSession } from '../../state/session';
import { changeText, pixels, scoreText } from './number-text';
import { controller, useEditorState, useImageState } from './use-image-view';

const TOOL_WORDS = { select: 'Select', draw: 'Draw', pan: 'Pan' } as const;

/** In the shell's status bar where that has a place for it (`STATUS_SLOT`), else as a strip of its own. */
export function StatusLine(): ReactNode {
  const slot = useSyncExternalStore(
    () => () => undefined,
    () => document.getElementById(STATUS_SLOT),
  );
  return slot ? createPortal(<StatusParts />, slot) : <StatusParts />;
}

/** Id of the element in the status bar. */
const STATUS_SLOT = 'status-slot';

function StatusParts(): ReactNode {
  const tool = useEditorState((snapshot) => snapshot.tool.tool);
  const hint = useEditorState(() => arrowHint());
  const message = useImageState((state) => state.message);
  return (
    <div className="status-line">
      <b>{TOOL_WORDS[tool]}</b>
      <span>{hint}</span>
      <Coordinates />
      <Preview />
      <span role="status" aria-live="polite" className="message" data-testid="image-message">
        {message}
      </span>
    </div>
  );
}

/** On its own, for it changes with every move of the pointer. */
function Coordinates(): ReactNode {
  const text = useSyncExternalStore(controller.editor.subscribe, () =>
    coordinates(controller.editor.getSnapshot()),
  );
  return <span className="coordinates">{text}</span>;
}

/** The score as it would be if the box were let go here. */
function Preview(): ReactNode {
  const score = useSession((session) => session.score);
  const preview = useSession((session) => session.preview);
  if (preview === null || !score) return null;
  return (
    <span className="strong" data-testid="preview-score">
      {score.metric} {scoreText(preview)} {changeText(score.value, preview)}
    </span>
  );
}

function coordinates(snapshot: EditorSnapshot): string {
  const point = pointerOnImage(snapshot);
  const draft = draftOfSnapshot(snapshot);
  const size = draft ? `${pixels(draft.box[2])} × ${pixels(draft.box[3])} px` : '';
  if (!point) return size;
  return `x ${point.x.toFixed(1)}, y ${point.y.toFixed(1)}${size === '' ? '' : `, ${size}`}`;
}

function arrowHint(): string {
  const { tool, selection } = controller.editor.getSnapshot();
  if (tool.tool === 'draw')
    return tool.mode === 'anchored' ? 'click the opposite corner' : 'drag, or click two corners';
  if (controller.editor.canNudge()) return 'arrows nudge the box, Shift 10 px';
  const failures = 'arrows change the image, Shift the failure';
  return selection?.startsWith('truth') ? `${failures}; click the box to nudge it` : failures;
}

/** Everything about the selected box, the last edit and the image, beside the canvas. */
import type { ReactNode } from 'react';
import { useSession } from '../../state/session';
import { BoxFacts } from './box-facts';
import { BoxesTable } from './boxes-table';
import { EditEffect } from './edit-effect';
import type { ImageController } from './image-controller';
import { RepairsSection } from './repairs-section';
import { ReviewSection } from './review-section';
import { useEditorState, useImageState } from './use-image-view';

export interface InspectorProps {
  readonly controller: ImageController;
  readonly onPickClass: () => void;
}

export function Inspector({ controller, onPickClass }: InspectorProps): ReactNode {
  const detail = useImageState((state) => state.detail);
  const changes = useImageState((state) => state.changes);
  const lastEdit = useImageState((state) => state.lastEdit);
  const scene = useEditorState((snapshot) => snapshot.scene);
  const selection = useEditorState((snapshot) => snapshot.selection);
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const score = useSession((session) => session.score);
  const box = selection === null ? undefined : scene?.byKey.get(selection);
  return (
    <aside className="inspector" aria-label="Inspector" data-testid="inspector">
      <div className="scroller">
        {box && scene && (
          <BoxFacts
            box={box}
            scene={scene}
            change={changes.get(box.key)}
            controller={controller}
            onPickClass={onPickClass}
          />
        )}
        {score && lastEdit !== null && <EditEffect score={score} />}
        {scene && run !== null && score && (
          <RepairsSection
            scene={scene}
            run={run}
            protocol={protocol}
            score={score.value}
            controller={controller}
          />
        )}
        <BoxesTable editor={controller.editor} className={controller.className} />
        {detail && <ReviewSection detail={detail} controller={controller} />}
      </div>
    </aside>
  );
}

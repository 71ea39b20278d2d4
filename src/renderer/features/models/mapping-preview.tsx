/** What a mapping of outputs gives on one image, run anew whenever the mapping changes. */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ModelPreview } from '../../../contract/model-calls';
import type { ModelView } from '../../../contract/model-view';
import type { ImageKey } from '../../../contract/view-types';
import { asCallError } from '../../state/call-failure';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { ModelPicture } from './model-picture';
import { useModel } from './model-state';

const JOB = 'mapping-preview';
/** Choices that follow each other quickly are run once. */
const SETTLE_MS = 400;
const SHOWN = { scoreThreshold: 0.3, maxDetections: 50 } as const;

/** The open image, else any of the project; null where there is none. */
function usePreviewImage(): ImageKey | null {
  const open = useSession((session) => session.image);
  const project = useSession((session) => session.project?.path);
  const [any, setAny] = useState<ImageKey | null>(null);
  useEffect(() => {
    if (open !== null || project === undefined) return;
    let isCurrent = true;
    engine('image.find', { text: '', limit: 1 }).then(
      ([found]) => isCurrent && setAny(found?.image ?? null),
      useSession.getState().showFailure,
    );
    return () => {
      isCurrent = false;
    };
  }, [open, project]);
  return open ?? (project === undefined ? null : any);
}

type Answer =
  | { readonly kind: 'boxes'; readonly preview: ModelPreview }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'running' };

export function MappingPreview({ view }: { readonly view: ModelView }): ReactNode {
  const choice = useModel((state) => state.choice);
  const image = usePreviewImage();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const isMapped = view.plan?.decoder.name === 'mapping';
  useEffect(() => {
    if (!isMapped || image === null || choice === null) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      setAnswer({ kind: 'running' });
      const request = { job: JOB, ...choice, image, backend: 'auto', batch: null, ...SHOWN } as const;
      engine('models.preview', request).then(
        (preview) => isCurrent && setAnswer({ kind: 'boxes', preview }),
        (error: unknown) => isCurrent && setAnswer({ kind: 'problem', message: asCallError(error).message }),
      );
    }, SETTLE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [isMapped, image, choice]);
  if (!isMapped) return null;
  return (
    <section aria-label="What this mapping gives">
      <h3>What this mapping gives on one image</h3>
      {image === null && <p className="quiet">Open a project, or import images, to see boxes here.</p>}
      {answer?.kind === 'running' && <p className="quiet">Running the image…</p>}
      {answer?.kind === 'problem' && (
        <p className="field-problem" role="status">
          {answer.message}
        </p>
      )}
      {answer?.kind === 'boxes' && <Boxes preview={answer.preview} />}
    </section>
  );
}

function Boxes({ preview }: { readonly preview: ModelPreview }): ReactNode {
  const { image, width, height, boxes } = preview;
  const words =
    boxes.length === 0
      ? `No box scores ${SHOWN.scoreThreshold} or more: is it the right output, and are scores finished?`
      : `${count(boxes.length)} boxes score ${SHOWN.scoreThreshold} or more. Do they lie on objects?`;
  return (
    <>
      <p role="status">{words}</p>
      <ModelPicture
        image={image}
        width={width}
        height={height}
        label={`The image with ${boxes.length} boxes of the model`}
        boxes={boxes.map(({ box }) => ({
          ...{ box, isTruth: false, outcome: 'true-positive', isQuiet: false },
        }))}
      />
    </>
  );
}

import type { ArgumentsOf, Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import { onlyImages } from '../../core/diagnosis/selection';
import { scoringInputOf, withoutPredictions } from '../../core/diagnosis/situation';
import { BadInput } from '../../core/foundation/bad-input';
import type { ModelChange } from '../../core/inference/change/model-change';
import { changedOverrides, changeWords, pictureOf } from '../../core/inference/change/model-change';
import type { EngineState } from '../engine-state';
import type { ImageFile } from '../images/image-file';
import { measureModel, spreadImages } from '../inference/measure/measure-model';
import { rememberMeasurement } from '../inference/measure/remembered';
import { pairBoxes, sideOf } from '../inference/measure/try-change';
import { hashModel, openModelFile } from '../inference/model-file';
import { runForResults } from '../inference/predict/run-for-results';
import { understandFile } from '../inference/predict/understand-file';
import { DecisionStore } from '../inference/project/decisions';
import { fileOfImage, projectClasses } from '../inference/project/run-model';

type Names = Extract<keyof EngineCalls, 'models.measure' | 'models.tryChange'>;
type Settings = Pick<ArgumentsOf<EngineCalls['models.measure']>, 'path' | 'labelMap' | 'overrides'>;

/** `imageFile`: of an image by key; throws where it is missing. */
export function modelChangeHandlers(
  { context, jobs, project }: EngineState,
  imageFile: (image: number) => ImageFile,
): Pick<Handlers<EngineCalls>, Names> {
  const decisions = new DecisionStore(context.userData);
  const running = { start: context.startSession, dataFolder: context.userData };
  const session = () => project.current().session;
  const inForce = async ({ path, labelMap, overrides }: Settings) => {
    const hash = await hashModel(await openModelFile(path));
    return { hash, ...(await decisions.inForce(hash, labelMap, overrides)) };
  };

  return {
    'models.tryChange': ({ job, image, change, protocol, point, ...settings }) =>
      jobs.run(job, async (progress) => {
        const { labelMap, overrides } = await inForce(settings);
        const images = [{ key: image, file: imageFile(image) }];
        const { path: model, backend, batch, maxDetections, scoreThreshold } = settings;
        const run = async (with_: ModelChange) => {
          const wanted = changedOverrides(overrides, with_);
          const understood = await understandFile(model, labelMap, projectClasses(session()), wanted);
          const limits = { maxDetections, scoreThreshold: with_.scoreThreshold ?? scoreThreshold };
          const request = { model, backend, batch, limits, plan: understood.plan, picture: pictureOf(with_) };
          const results = await runForResults(running, request, images, progress, 'Running the image');
          return { understood, results };
        };
        const [plain, changed] = [await run({}), await run(change)];
        const truth = session().data.asTruth();
        const index = session().data.indexOfImage.get(image)!;
        const input = scoringInputOf(onlyImages(withoutPredictions(truth), [index]));
        const sides = [plain, changed].map(({ results, understood }) =>
          sideOf(results, understood, input, protocol, point),
        );
        const [before, after] = [sides[0]!, sides[1]!];
        const [ran] = plain.results.results;
        if (!ran)
          throw new BadInput('image-undecodable', 'The image cannot be run.', 'Choose another image.');
        return {
          image,
          width: ran.width,
          height: ran.height,
          words: changeWords(change),
          before,
          after,
          pairs: pairBoxes(before.boxes, after.boxes),
        };
      }),

    'models.measure': ({ job, images: wanted, changes, protocol, ...settings }) =>
      jobs.run(job, async (progress) => {
        const { hash, labelMap, overrides } = await inForce(settings);
        const owner = session();
        const all = { ...withoutPredictions(owner.data.asTruth()), protocol };
        const chosen = spreadImages(all.truth.images.length, wanted);
        const measured = await measureModel(
          running,
          { ...settings, labelMap, overrides },
          onlyImages(all, chosen),
          chosen.map((index) => fileOfImage(owner, owner.data.images[index]!.key)),
          all.truth.images.length,
          changes,
          progress,
        );
        const runs = rememberMeasurement(owner, hash, measured);
        if (runs.length > 0) project.revision++;
        return { ...measured, runs };
      }),
  };
}

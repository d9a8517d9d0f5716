"""The recipe that makes the reader's weights, runnable again.

From the bottom up: `data` (files of questions), `augment` (near-miss questions), `reword` (in
other words), `crossed` (about something else in the passage), `negatives` (retrieved passages
that do not answer), `groups` (a question with its passages), `mixture` (what is trained on),
`batches` (tokens), `loss`, `attention`, `checkpoint`, `loop` (the optimisation), `score`,
`card` (the model card), `weights` and `stored` (files), `recipe` (`train_reader`, the whole in
one call). Beside them `confidence` fits the answer-or-abstain decision to the reader's margins,
and `worth` measures it: after new weights, fit it again.
"""

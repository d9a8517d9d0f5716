"""A small WordNet in the format of the real one (wndb(5WN))."""

from __future__ import annotations

LICENCE = "  1 This software and database is being provided to you\n"
# part of speech → its synsets, each its words; the first listed is a word's usual sense
SYNSETS = {
    "noun": [
        "film movie",
        "film sheet",
        "bank riverside",
        "bank lender",
        "bank incline",
        "child kid nestling",
    ],
    "verb": ["jail imprison lag", "film shoot", "buy purchase", "win take_home", "win acquire"],
    "adj": ["big large"],
    "adv": ["quickly rapidly"],
}
COUNTS = {
    "film%1:10:00::": (1, 9), "film%1:06:00::": (2, 2), "film%2:36:00::": (1, 3),
    "bank%1:17:00::": (1, 20), "bank%1:14:00::": (2, 21), "bank%1:17:01::": (3, 5),
    "child%1:18:00::": (1, 5),
    "jail%2:41:00::": (1, 4), "buy%2:40:00::": (1, 8), "big%3:00:00::": (1, 9),
    "win%2:33:00::": (1, 1), "win%2:40:00::": (2, 9),
}  # fmt: skip


def write(folder):
    for name, synsets in SYNSETS.items():
        lines, places, offset = [LICENCE], {}, len(LICENCE)
        for synset in synsets:
            words = synset.split()
            held = " ".join(f"{word} 0" for word in words)
            line = (
                f"{offset:08d} 00 {name[0]} {len(words):02x} {held} 000 | a gloss of {words[0]}\n"
            )
            for word in words:
                places.setdefault(word, []).append(f"{offset:08d}")
            lines.append(line)
            offset += len(line)
        (folder / f"data.{name}").write_text("".join(lines))
        (folder / f"index.{name}").write_text(
            LICENCE
            + "".join(
                f"{word} {name[0]} {len(found)} 0 {len(found)} 0 {' '.join(found)}  \n"
                for word, found in places.items()
            )
        )
    (folder / "cntlist.rev").write_text(
        "".join(f"{key} {number} {times}\n" for key, (number, times) in COUNTS.items())
    )
    return folder

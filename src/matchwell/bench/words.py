"""A few sentences for a community that is made where no folder of logged questions is given."""

OPENINGS = (
    "How do I survive night shifts on a ward",
    "Which electrode holds on a thin pipe",
    "My query takes minutes since the table grew",
    "Should I take the offer of a smaller company",
    "How do I tell my team that we will be late",
    "What belongs in a first portfolio",
    "How do I price work for a first client",
    "Is a second degree worth the years",
    "How do I start a reading circle at school",
    "What do I ask at the end of an interview",
    "How do I read a balance sheet as an engineer",
    "Which tests come first in an old code base",
)
SENTENCES = (
    "I have done this for three years and still feel like a beginner",
    "My manager wants an answer before the end of the month",
    "We tried an index on both columns and nothing changed",
    "The others in my team sleep in the afternoon, which I cannot",
    "There is no budget for a course, but books are fine",
    "I could move to another city if it helps",
    "The gas regulator is new and the seam still has pores",
    "Nobody near me has made this step before",
    "The contract says four weeks, and they ask for two",
    "My professor says theory first, my friends say practice",
    "I keep a list of what went wrong and read it on Sundays",
    "Last time we shipped late because of one missing review",
    "The customer pays by the hour and asks for a fixed price",
    "I have two small children and need regular hours",
    "A mentor once told me to write the tests before I touch anything",
    "The plan shows a scan over the whole table although the filter is narrow",
    "I would like to hear from somebody who has hired juniors",
    "We have six weeks, three people and one old server",
    "My first talk went badly and the second is next week",
    "I speak the language well enough for work, but not for a joke",
)
TAGS = ("health", "welding", "databases", "careers", "teams", "design", "money", "study", "school", "interviews")

"""send: new orders into FM, each exactly once.

load     a few orders that are `new`, as FM documents; what cannot be one is held
claim    write down their FM numbers and that FM is being asked
look     numbers that were asked for before: does FM have them? then adopt
ask      FM for the others, a few at a time, outside any transaction
settle   accepted -> pending; refused -> held; no clear answer -> asked again later, after looking
"""

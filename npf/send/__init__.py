"""send: new orders into FM, each exactly once.

claim    lock a few orders that are `new`, write down their FM numbers and that FM is being asked
look     numbers that were asked before: does FM have them? then adopt
send     the others, a few at a time, outside any transaction
settle   accepted -> pending; refused -> held; no clear answer -> asked again later, after looking
"""

"""discord.py: commands, events, tasks and checks. All of it is run on the loop; a `def` command is refused."""
import time

import discord
from discord.ext import commands, tasks

bot = commands.Bot(command_prefix="!", intents=discord.Intents.none())


@bot.event
async def on_ready():
    time.sleep(0.001)


def is_allowed(context):
    time.sleep(0.001)
    return True


async def is_allowed_async(context):
    time.sleep(0.001)
    return True


@bot.command()
@commands.check(is_allowed)
@commands.check(is_allowed_async)
async def ping(context):
    time.sleep(0.001)


try:

    @bot.command()
    def refused(context):
        time.sleep(0.001)  # never runs: a TypeError
except TypeError:
    pass


@tasks.loop(seconds=60)
async def refresh():
    time.sleep(0.001)


@refresh.before_loop
async def before_refresh():
    time.sleep(0.001)
